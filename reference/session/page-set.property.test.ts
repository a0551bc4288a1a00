import fc from "fast-check";
import { expect, test } from "vitest";
import { PageSet } from "./page-set.ts";

/** Takes all pages out, in order. */
function drain(set: PageSet): number[] {
  const pages: number[] = [];
  for (let page = set.takeNext(0); page !== -1; page = set.takeNext(page)) pages.push(page);
  return pages;
}

test("a set of pages has the pages that were added or moved to it, each once and in rising order", () => {
  const pages = fc.uniqueArray(fc.nat(99), { maxLength: 100 });
  fc.assert(
    fc.property(pages, pages, fc.integer({ min: 100, max: 129 }), fc.boolean(), (first, second, pageCount, isAll) => {
      const [set, other] = [new PageSet(pageCount), new PageSet(pageCount)];
      for (const page of first) expect([set.add(page), set.add(page)]).toEqual([true, false]);
      for (const page of second) other.add(page);
      if (isAll) other.addAll();
      const expected = isAll
        ? Array.from({ length: pageCount }, (_, page) => page)
        : [...new Set([...first, ...second])];
      expect([set.count, set.moveTo(other), set.count, other.count]).toEqual([
        first.length,
        first.length,
        0,
        expected.length,
      ]);
      expect(drain(set)).toEqual([]);
      expect(drain(other)).toEqual(expected.sort((left, right) => left - right));
      expect(other.count).toBe(0);
    }),
  );
});
