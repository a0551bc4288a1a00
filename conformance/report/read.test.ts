import { expect, test } from "vitest";
import { failure, fakeReport } from "./fakes/report.ts";
import { jsonText } from "./json.ts";
import { readReport, UnreadableReportError } from "./read.ts";

const report = fakeReport({
  options: { run: ["delta/edges/*", "delta/stateful/*", "fuzz:*"], fuzz: 40, knownFailures: "known.json" },
  adapter: { name: "<b>", version: "1" },
  ending: { stopped: "interrupted", restarts: 1 },
  outcome: (asked, index) => {
    if (index % 3 === 0) return failure(asked);
    return (
      ["pass", "crash", "timeout", "unsupported", "not-recommended", "not-run", "error", "protocol-fault"] as const
    )[index % 8];
  },
  known: (id) => (id.includes("1") ? "a reason" : undefined),
});

test("A report is written as spec/report.schema.json says, and read back as it was.", () => {
  expect(readReport(jsonText(report))).toEqual(report);
});

test.each([
  ["", "did not end"],
  ["{", "JSON"],
  ["[]", "object"],
  ["{}", "formatVersion"],
  [jsonText({ ...report, formatVersion: 2 as 1 }), "formatVersion"],
  [jsonText({ ...report, extra: 1 } as typeof report), "(extra)"],
  [jsonText({ ...report, counts: { ...report.counts, pass: -1 } }), "counts/pass"],
])("A text that is no report is refused, with what is wrong (%#).", (text, what) => {
  expect(() => readReport(text)).toThrow(UnreadableReportError);
  expect(() => readReport(text)).toThrow(what);
});
