import type { BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fakeComparison, named } from "../fakes/comparison.ts";
import { DARK, DESK, hasChromium, LOW_CONTRAST, PageOpener, PHONE } from "../fakes/pages.ts";
import { failure, fakeReport } from "../fakes/report.ts";
import { compareReports } from "./compare.ts";
import { comparisonHtml } from "./html.ts";

describe.skipIf(!hasChromium)("the page of a comparison in Chromium (apt-get install chromium)", () => {
  let opener: PageOpener;
  let page: string;

  beforeAll(async () => {
    opener = await PageOpener.start();
    page = comparisonHtml(fakeComparison());
  });
  afterAll(() => opener?.end());

  test.each<[string, BrowserContextOptions]>([
    ["comparison-light", DESK],
    ["comparison-dark", { ...DESK, ...DARK }],
    ["comparison-phone", PHONE],
    ["comparison-phone-dark", { ...PHONE, ...DARK }],
  ])("is readable, and no wider than the screen: %s", async (name, options) => {
    const unwanted = await opener.show(name, page, options, async (shown) => {
      await opener.picture(shown, name);
      await shown.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
      for (const part of ["runs", "changes", "matrix"]) {
        await shown.evaluate(`document.getElementById("${part}").scrollIntoView()`);
        await opener.picture(shown, `${name}-${part}`);
      }
      expect(await shown.evaluate(LOW_CONTRAST)).toEqual([]);
      expect(await shown.evaluate("document.documentElement.scrollWidth")).toBe(options.viewport!.width);
    });
    expect(unwanted).toEqual([]);
  });

  test("leads from a requirement's id to its text in the chapter, which opens", async () => {
    await opener.show("comparison-links", page, DESK, async (shown) => {
      await shown.locator("#row-DELTA-1 a").click();
      const place = shown.locator("p#DELTA-1");
      await place.waitFor({ state: "visible" });
      expect(await place.textContent()).toContain("A decoder MUST read a length");
    });
  });

  test("is used with the keyboard alone: the matrix is reached, and scrolls where it is wider than the screen", async () => {
    await opener.show("comparison-keyboard", page, PHONE, async (shown) => {
      await shown.keyboard.press("Tab");
      expect(await shown.evaluate("document.activeElement.textContent")).toBe("Skip to the requirements");
      await shown.keyboard.press("Enter");
      await shown.keyboard.press("Tab");
      expect(await shown.evaluate("document.activeElement.className")).toBe("scroll");
      await shown.keyboard.press("ArrowRight");
      const scrolled = () => shown.evaluate("document.activeElement.scrollLeft");
      await expect.poll(scrolled, { timeout: 10_000 }).toBeGreaterThan(0);
    });
  });

  test("has the landmarks, headings and names that a screen reader goes by", async () => {
    await opener.show("comparison-screen-reader", page, PHONE, async (shown) => {
      for (const role of ["banner", "navigation", "main", "contentinfo", "note"] as const) {
        expect(await shown.getByRole(role).count(), role).toBe(1);
      }
      await shown.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
      const row = shown.getByRole("row", { name: /^DELTA-1 / });
      expect(await row.getByRole("rowheader").first().textContent()).toBe("DELTA-1");
      const matrix = shown.getByRole("table", { name: "Requirements that do not pass in every run" });
      const heads = await matrix.getByRole("columnheader").allTextContents();
      expect(heads.slice(0, 3)).toEqual(["Id", "1: fake 1.0", "2: fake 1.1"]);
      const levels: number[] = await shown.evaluate(
        "[...document.querySelectorAll('h1, h2, h3')].map((heading) => Number(heading.tagName[1]))",
      );
      expect(levels.filter((level, index) => 1 < level - (levels[index - 1] ?? 0))).toEqual([]);
    });
  });

  test("gives nothing that a report holds to the browser as HTML or as a program", async () => {
    const said = `</script></style><script>alert(1)</script><img src=x onerror=alert(2)>"'\u202e\u0000`;
    const hostile = fakeReport({
      options: { run: ["delta/edges/*", said], knownFailures: said },
      adapter: { name: said, version: said },
      outcome: (asked) => failure(asked, said),
    });
    const reports = named(fakeReport({ options: { run: ["delta/edges/*"] }, adapter: { name: said } }), hostile);
    const html = comparisonHtml(compareReports(reports.map(({ report }) => ({ path: said, report }))));
    const unwanted = await opener.show("comparison-hostile", html, DESK, async (shown) => {
      await shown.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
      expect(await shown.locator("img, body script:not([type])").count()).toBe(0);
      expect(await shown.locator("#changes h3").textContent()).toContain("<img src=x onerror=alert(2)>");
    });
    expect(unwanted).toEqual([]);
  });
});
