import { describe, expect, test } from "vitest";
import type { Case } from "../harness/case.ts";
import { failure, fakeReport } from "./fakes/report.ts";
import { verdictSentence } from "./headline.ts";
import { failureKinds } from "./kinds.ts";

/** The report of a run in which the encoders of some families fail, each family for another requirement. */
function failing(broken: Readonly<Record<string, string>>, ending = {}) {
  const outcome = (asked: Case) => {
    const found = broken[asked.section];
    if (found === undefined || asked.request.operation !== "encode") return "pass";
    return { ...(failure(asked) as { verdict: "fail"; detail: string }), broken: found };
  };
  return fakeReport({ outcome, ending });
}

describe("failures", () => {
  test("are shown in the order of their families: lengths, values and runs before capacity", () => {
    const report = failing({
      "delta/capacity": "DELTA-26",
      "delta/lengths": "DELTA-23",
      "delta/runs": "DELTA-21",
      "delta/values": "DELTA-25",
      fuzz: "DELTA-27",
    });
    const kinds = failureKinds(report.failures, "required");
    expect(kinds.map(({ name }) => name)).toEqual(["DELTA-23", "DELTA-25", "DELTA-21", "DELTA-26", "DELTA-27"]);
  });

  test("of one kind are shown by a case of the simplest family", () => {
    const [kind] = failureKinds(
      failing({ "delta/capacity": "DELTA-23", "delta/values": "DELTA-23", fuzz: "DELTA-23" }).failures,
      "required",
    );
    expect(kind?.failures[0]?.section).toBe("delta/capacity");
    expect(kind?.plainest.section).toBe("delta/values");
  });

  test("name the broken requirement first, and keep those of the vector", () => {
    const { failures } = failing({ "delta/lengths": "DELTA-24" });
    for (const { requirements } of failures) {
      expect(requirements[0]?.id).toBe("DELTA-24");
      expect(requirements.length).toBeGreaterThan(1);
    }
  });
});

test("A run that stopped by itself is incomplete, and says in its first words how many cases failed.", () => {
  const stopped = "the adapter broke again after 20 restarts";
  const report = failing({ "delta/isolating": "DELTA-23" }, { stopped });
  expect(report.verdict).toBe("incomplete");
  expect(verdictSentence(report)).toBe(
    `fake is incomplete, and ${report.counts.fail} cases failed before the run stopped`,
  );
  expect(verdictSentence(fakeReport({ ending: { stopped } }))).toBe("fake is incomplete");
});
