import { describe, expect, test } from "vitest";
import { html, jsonForScript } from "../../../reference/markup.ts";
import { failure, fakeReport } from "../fakes/report.ts";
import { failureKinds } from "../kinds.ts";
import { entriesOf, filterEntries } from "./browser/filter.mjs";
import { pageData } from "./cases.ts";
import { chapterPages, renderChapter } from "./chapter.ts";

describe("HTML", () => {
  test("escapes what is put into a template, but for HTML itself", () => {
    const part = html`<b>${"<&\"'>"}</b>`;
    expect(html`<p title="${'"'}">${part}${[1, "<"]}</p>`.text).toBe(
      '<p title="&quot;"><b>&lt;&amp;&quot;&#39;&gt;</b>1&lt;</p>',
    );
  });

  test("holds JSON that no text in it can end", () => {
    const said = "</script><!--<script>";
    const { text } = jsonForScript({ said });
    expect(text).not.toContain("<");
    expect(JSON.parse(text)).toEqual({ said });
  });
});

describe("a chapter", () => {
  const [delta] = chapterPages(["delta", "no-such-chapter"]);

  test("has each requirement as a place to link to", () => {
    const { requirementIds, content, title } = delta!;
    expect(title).toBe("Delta");
    expect(requirementIds.size).toBe(31);
    for (const id of requirementIds) expect(content.text).toContain(`<p class="requirement" id="${id}">`);
    expect(content.text).not.toMatch(/<p>(\||```|#|- )/);
  });

  test("leads links to its own headings, and to no file", () => {
    const { text } = delta!.content;
    const targets = [...text.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target!);
    const places = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, place]) => place!));
    expect(targets.filter((target) => !target.startsWith("row-") && !places.has(target))).toEqual([]);
    expect(text).not.toMatch(/href="(?!#|https:)/);
  });

  test("knows the Markdown of the chapters", () => {
    const markdown = "# T\n\n## A b\n\n- *x*\n- y `z`\n\n```abnf\n<q>\n```\n\n| a | b |\n| --- | --- |\n| 1 | **2** |";
    expect(renderChapter("t", markdown).content.text).toBe(
      [
        '<h3 id="t--a-b">A b</h3>',
        "<ul><li><em>x</em></li><li>y <code>z</code></li></ul>",
        '<pre tabindex="0">&lt;q&gt;</pre>',
        '<table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>',
        "<tbody><tr><td>1</td><td><strong>2</strong></td></tr></tbody></table>",
        "",
      ].join("\n"),
    );
  });
});

describe("the list of cases", () => {
  const report = fakeReport({
    options: { run: ["delta/edges/*", "delta/capacity/*", "fuzz:*"] },
    outcome: (asked, index) => {
      if (index === 5) return failure(asked, "Here is a Needle");
      return (["pass", "crash", "not-run", "fail"] as const)[index % 4];
    },
    known: (id) => (id.includes("/edges/") ? "a reason" : undefined),
  });
  const page = pageData(report, new Set());
  const entries = entriesOf(page);
  const none = { words: "", result: "", family: "", requirement: "" };

  test("has every case once, and by default those that did not pass", () => {
    const ids = entries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(filterEntries(entries, { ...none, result: "all" })).toHaveLength(entries.length);
    expect(filterEntries(entries, none)).toHaveLength(report.failures.length);
    expect(filterEntries(entries, { ...none, result: "not-run" })).toHaveLength(
      Object.values(report.cases).filter((verdict) => verdict === "not-run").length,
    );
  });

  test("is filtered by words, result, family and requirement together", () => {
    const needle = filterEntries(entries, { ...none, words: " needle  HERE " });
    expect(needle).toHaveLength(1);
    const { broken } = needle[0]!.failure!;
    expect(filterEntries(entries, { ...none, requirement: broken })).toEqual(needle);
    expect(filterEntries(entries, { ...none, words: "needle", result: "crash" })).toEqual([]);
    const known = filterEntries(entries, { ...none, result: "known" });
    expect(known.length).toBeGreaterThan(0);
    expect(known.every(({ section }) => section === "delta/edges")).toBe(true);
    expect(filterEntries(entries, { ...none, family: "fuzz", words: "no such word" })).toEqual([]);
  });

  test("begins with the plainest case of each kind, and ends with what does not count", () => {
    const plainest = failureKinds(report.failures, "required").map((kind) => kind.plainest.id);
    expect(new Set(entries.slice(0, plainest.length).map(({ id }) => id))).toEqual(new Set(plainest));
    const results = entries.map(({ result }) => result);
    expect(results.lastIndexOf("crash")).toBeLessThan(results.indexOf("known"));
  });
});
