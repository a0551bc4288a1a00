/**
 * A comparison with something of everything, for tests.
 */

import { compareReports } from "../comparison/compare.ts";
import type { Comparison } from "../comparison/model.ts";
import type { NamedReport, RunReport } from "../model.ts";
import { failure, fakeReport } from "./report.ts";

/** The reports under names of files. */
export function named(...reports: readonly RunReport[]): NamedReport[] {
  return reports.map((report, index) => ({ path: `report-${index + 1}.json`, report }));
}

/** Three runs of one implementation and one of another: failures that came and went, known ones, cases left out and unsupported. */
export function fakeComparison(): Comparison {
  const before = fakeReport({ outcome: ({ id }) => (id.startsWith("delta/values/") ? "crash" : "pass") });
  const after = fakeReport({
    adapter: { version: "1.1" },
    options: { skip: ["delta/capacity/*"], knownFailures: "known.json" },
    outcome: (asked, index) => (index % 7 === 0 || asked.section === "fuzz" ? failure(asked) : "pass"),
    known: (id) => (id.includes("/malformed/") ? "not checked yet" : undefined),
  });
  const later = fakeReport({ adapter: { version: "1.2" }, options: { level: "recommended" } });
  const other = fakeReport({
    adapter: { name: "another-implementation-with-a-long-name", version: "2025.1-rc1", operations: ["encode"] },
    outcome: ({ request }) => (request.operation === "decode" ? "unsupported" : "not-recommended"),
  });
  const otherVectors = { ...other, suite: { ...other.suite, vectors: "0123456789abcdef" } };
  return compareReports(named(before, after, later, otherVectors));
}
