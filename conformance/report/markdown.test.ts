import { expect, test } from "vitest";
import { failure, fakeReport } from "./fakes/report.ts";
import { markdownText } from "./markdown.ts";
import { MOST_CHARACTERS } from "./markdown-text.ts";

const SOME = ["delta/edges/*", "fuzz:*"];

test("A conformant run is a verdict and a table, with every family and the cases that were not run.", () => {
  const text = markdownText(fakeReport());
  expect(text).toMatch(/^## ✅ fake is conformant$/m);
  expect(text).toContain("| family | passed | not run |");
  expect(text).toMatch(/^\| delta\/edges \| \d+ \| 0 \|$/m);
  expect(text).toMatch(
    /\n\nAsked by xbzrle-conformance .* of ` fake 1\.0 \(encode, decode\): '.\/fake adapter' `\.\n$/,
  );
  expect(text).not.toContain("### Broken");
});

test("A run that left cases out says so at the top.", () => {
  const text = markdownText(fakeReport({ options: { skip: ["delta/edges/*"] } }));
  expect(text).toMatch(/^## ⚠️ fake is incomplete$/m);
  expect(text).toContain("- cases were left out by --run or --skip");
  expect(text).toContain("--skip 'delta/edges/*'");
});

test("What is broken comes with its text, a case in full, and the command that repeats it.", () => {
  const text = markdownText(fakeReport({ options: { run: SOME }, outcome: (asked) => failure(asked) }));
  expect(text).toMatch(/<details><summary><b>DELTA-\d+<\/b>: \d+ cases, for example delta\/edges\//);
  expect(text).toContain("docs/xbzrle/delta.md#");
  expect(text).toMatch(/```text\nnpx xbzrle-conformance replay delta\/edges\/\S+ -- '.\/fake adapter'\n```/);
});

test("Nothing that an adapter says ends a block, a row or an element.", () => {
  const said = "``` </details> | `x` <img src=x onerror=alert(1)> **b** [l](javascript:x)\n# head";
  const report = fakeReport({
    options: { run: SOME },
    adapter: { name: said },
    outcome: (asked, index) => (index === 0 ? failure(asked, said) : "pass"),
  });
  const text = markdownText(report);
  expect(text).not.toMatch(/^# head/m);
  expect(withoutCode(text)).not.toContain("<img");
  expect(withoutCode(text).match(/<\/details>/g)).toHaveLength(1);
});

test("However much fails, it stays far below what GitHub shows.", () => {
  const long = "x".repeat(100_000);
  const report = fakeReport({
    options: { run: SOME },
    adapter: { name: long },
    outcome: (asked, index) => ({ ...failureOf(asked), broken: `DELTA-${(index % 900) + 1}` }),
    uses: Array.from({ length: 1000 }, () => ({ pattern: long, isMatched: true, passedId: "x" })),
  });
  const text = markdownText(report);
  expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS);
  expect(text).toMatch(/And \d+ more kinds of failure/);
  expect(text).toMatch(/Asked by xbzrle-conformance/);

  function failureOf(asked: Parameters<typeof failure>[0]) {
    return { ...(failure(asked, long) as object), verdict: "fail", detail: long, stderrTail: long } as const;
  }
});

function withoutCode(text: string): string {
  return text.replaceAll(/^(`{3,})text$[\s\S]*?^\1$/gm, "").replaceAll(/(?<!\\)(`+) .*? \1(?!`)/g, "");
}
