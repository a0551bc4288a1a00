import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DARK, DESK, hasChromium, LOW_CONTRAST, PAINTED, PageOpener, PHONE } from "../fakes/pages.ts";
import { failure, fakeReport } from "../fakes/report.ts";
import { htmlText } from "../html.ts";
import type { RunReport } from "../model.ts";

const SOME = ["delta/edges/*", "delta/malformed/*", "fuzz:*"];

const MANY = 5000;
const MOST_OPEN_TIME_MS = 2000;

/** Runs of all kinds of cases, for all kinds of readers. */
function failingReport(): RunReport {
  return fakeReport({
    options: { run: SOME, fuzz: 400, knownFailures: "known.json" },
    outcome: (asked, index) => {
      if (index % 11 === 0) return failure(asked, "byte 7 is 7f, not 80");
      if (index === 12) return { verdict: "crash", detail: "the adapter was killed by SIGSEGV", stderrTail: "a\nb\n" };
      return index % 97 === 0 ? "unsupported" : "pass";
    },
    known: (id) => (id.endsWith("-8") ? "pages of 8 bytes are not used" : undefined),
  });
}

describe.skipIf(!hasChromium)("the page in Chromium (apt-get install chromium)", () => {
  let opener: PageOpener;
  let failing: RunReport;

  beforeAll(async () => {
    opener = await PageOpener.start();
    failing = failingReport();
  });
  afterAll(() => opener?.end());

  test.each<[string, () => RunReport, BrowserContextOptions]>([
    ["conformant-light", () => fakeReport(), DESK],
    ["conformant-phone-dark", () => fakeReport(), { ...PHONE, ...DARK }],
    ["incomplete-light", () => fakeReport({ options: { skip: ["delta/edges/*"] } }), DESK],
    ["nonconformant-light", () => failing, DESK],
    ["nonconformant-dark", () => failing, { ...DESK, ...DARK }],
    ["nonconformant-phone", () => failing, PHONE],
    ["nonconformant-phone-dark", () => failing, { ...PHONE, ...DARK }],
  ])("is readable, and no wider than the screen: %s", async (name, report, options) => {
    const unwanted = await opener.show(name, htmlText(report()), options, async (page) => {
      await opener.picture(page, name);
      await page.evaluate(
        "for (const part of [...document.querySelectorAll('details')].slice(0, 12)) part.open = true",
      );
      for (const part of ["requirements", "families", "run", "chapters", "list"]) {
        await page.evaluate(`document.getElementById("${part}").scrollIntoView()`);
        await opener.picture(page, `${name}-${part}`);
      }
      expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(options.viewport!.width);
    });
    expect(unwanted).toEqual([]);
  });

  test("shows every count, and of each failure its bytes, its requirement in the chapter, and its command", async () => {
    await opener.show("content", htmlText(failing), DESK, async (page) => {
      const counts = await page.locator(".counts").textContent();
      for (const title of ["passed", "failed", "crash", "unsupported", "not run", "known failure"]) {
        expect(counts).toContain(title);
      }
      const row = page.locator("#list > li").first();
      await row.locator("summary").first().click();
      await row.locator(".body").waitFor();
      const shown = await row.textContent();
      const given = failing.failures.find(({ id }) => shown?.includes(id))!;
      for (const line of [...given.request, ...given.expected, ...given.got, given.repeat, given.why]) {
        expect(shown).toContain(line);
      }
      await row.locator(".rule a").click();
      const place = page.locator(`p#${given.broken}`);
      expect(await place.isVisible()).toBe(true);
      expect(await place.textContent()).toContain(given.broken);
    });
  });

  test("lists what the filters let through, and says how many", async () => {
    await opener.show("filters", htmlText(failing), DESK, async (page) => {
      const count = page.getByRole("status");
      const all = `${failing.failures.length} cases`;
      expect(await count.textContent()).toBe(all);
      await page.getByRole("searchbox", { name: "Search in names, findings and reasons" }).fill("SIGSEGV crash");
      expect(await count.textContent()).toBe("1 case");
      await page.getByRole("combobox", { name: "Result" }).selectOption("unsupported");
      expect(await count.textContent()).toBe("0 cases");
      await page.getByRole("button", { name: "Reset" }).click();
      await page.locator("#count", { hasText: all }).waitFor();
      await page.getByRole("combobox", { name: "Result" }).selectOption("all");
      const total =
        Object.keys(failing.cases).length + failing.failures.filter(({ section }) => section === "fuzz").length;
      expect(await count.textContent()).toBe(`${total.toLocaleString("en-US")} cases`);
      const edges = failing.failures.filter(({ section }) => section === "delta/edges").length;
      await page.getByRole("button", { name: `Show ${edges} cases of delta/edges that did not pass` }).click();
      expect(await count.textContent()).toBe(`${edges} cases`);
      expect(await page.evaluate("document.activeElement.id")).toBe("cases-title");
    });
  });

  test("is used with the keyboard alone", async () => {
    await opener.show("keyboard", htmlText(failing), DESK, async (page) => {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the cases");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.id")).toBe("words");
      for (let presses = 0; presses < 6 && !(await isFocused()); presses++) await page.keyboard.press("Tab");
      expect(await isFocused()).toBe(true);
      expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
      await page.keyboard.press("Enter");
      await page.locator("#list .body").first().waitFor();

      function isFocused() {
        return page.evaluate("document.activeElement === document.querySelector('#list summary')");
      }
    });
  });

  test("has the landmarks, headings and names that a screen reader goes by", async () => {
    await opener.show("screen-reader", htmlText(failing), DESK, async (page) => {
      await page.locator("#list summary").first().click();
      for (const role of ["banner", "navigation", "main", "contentinfo", "search"] as const) {
        expect(await page.getByRole(role).count()).toBe(1);
      }
      expect(await page.getByRole("table").count()).toBeGreaterThanOrEqual(2);
      expect(await page.getByRole("rowheader").count()).toBeGreaterThan(13);
      const levels: number[] = await page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3')].map((heading) => Number(heading.tagName[1]))",
      );
      expect(levels[0]).toBe(1);
      expect(levels.filter((level, index) => 1 < level - (levels[index - 1] ?? 1))).toEqual([]);
      const nameless = `[...document.querySelectorAll("button, input, select, summary, pre[role], section, nav, form")]
        .filter((control) => !control.labels?.length && !control.ariaLabel && !control.hasAttribute("aria-labelledby"))
        .filter((control) => !["BUTTON", "SUMMARY"].includes(control.tagName) || control.textContent.trim() === "").length`;
      expect(await page.evaluate(nameless)).toBe(0);
    });
  });

  test("gives nothing that an adapter says to the browser as HTML or as a program", async () => {
    const said = `</script></style><script>alert(1)</script><img src=x onerror=alert(2)><svg/onload=alert(3)>"'\u202e\u0000`;
    const hostile = fakeReport({
      options: { run: [...SOME, said], skip: [said], knownFailures: said },
      adapter: { name: said, version: said, operations: ["encode", "decode", said as "encode"] },
      ending: { stopped: said, adapterFault: { verdict: "crash", detail: said, stderrTail: said } },
      outcome: (asked, index) =>
        index % 5 === 0 ? { ...(failure(asked, said) as object), ...failureWith(said) } : "pass",
      known: (id) => (id.endsWith("-8") ? said : undefined),
      uses: [{ pattern: said, isMatched: true, passedId: said }],
    });
    const unwanted = await opener.show("hostile", htmlText(hostile), DESK, async (page) => {
      await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
      await page.waitForTimeout(200);
      expect(await page.locator("img, svg[onload], body script:not([type])").count()).toBe(0);
      expect(await page.locator("h1").textContent()).toContain("<img src=x onerror=alert(2)>");
      expect(await page.locator("#list .body").first().textContent()).toContain("<svg/onload=alert(3)>");
    });
    expect(unwanted).toEqual([]);
  });

  test("runs no program but its own", async () => {
    const unwanted = await opener.show("policy", htmlText(failing), DESK, async (page) => {
      await page.evaluate(`(() => {
        const script = document.createElement("script");
        try { script.textContent = "document.title = 'changed'"; document.body.append(script); } catch {}
        try { document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='document.title = 1'>"); } catch {}
        fetch("https://xbzrle.invalid/").catch(() => {});
      })()`);
      await page.waitForTimeout(100);
      expect(await page.title()).toBe("fake: nonconformant (XBZRLE conformance)");
    });
    expect(unwanted.join("\n")).toContain("Content Security Policy");
    expect(unwanted).not.toContain("https://xbzrle.invalid/");
  });

  test("says what it found where programs are not allowed", async () => {
    await opener.show("without-program", htmlText(failing), { ...DESK, javaScriptEnabled: false }, async (page) => {
      expect(await page.getByText("fake is nonconformant").isVisible()).toBe(true);
      expect(await page.locator("noscript p").isVisible()).toBe(true);
      expect(await page.locator("#filter").isVisible()).toBe(false);
    });
  });

  test(`opens in less than ${MOST_OPEN_TIME_MS} ms with ${MANY} failing cases, all of which the browser's search finds`, async () => {
    const many = fakeReport({ outcome: (asked, index) => (index < MANY ? failure(asked) : "pass") });
    expect(many.failures).toHaveLength(MANY);
    await opener.show("many", htmlText(many), DESK, async (page, url) => {
      const times: number[] = [];
      for (let turn = 0; turn < 3; turn++) {
        const startedAt = performance.now();
        await page.goto(url);
        await page.waitForSelector("html[data-ready]");
        await page.evaluate(PAINTED);
        times.push(Math.round(performance.now() - startedAt));
      }
      const startedAt = performance.now();
      await page.locator(`#list > li:nth-child(${MANY})`).waitFor({ state: "attached" });
      const filledMs = Math.round(performance.now() - startedAt);
      const last = many.failures.at(-1)!.id;
      expect(await page.evaluate(`find(${JSON.stringify(last)})`)).toBe(true);
      await opener.picture(page, "many");
      const openMs = times.sort((left, right) => left - right)[1]!;
      writeFileSync(join(opener.folder, "many.json"), JSON.stringify({ cases: MANY, openMs: times, filledMs }));
      expect(openMs).toBeLessThan(MOST_OPEN_TIME_MS);
    });
  });
});

function failureWith(said: string) {
  return { verdict: "fail", detail: said, stderrTail: said } as const;
}
