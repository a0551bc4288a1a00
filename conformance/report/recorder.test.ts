import { describe, expect, test } from "vitest";
import { loadRequirements } from "../../spec/requirements.ts";
import type { Case } from "../harness/case.ts";
import { type RequirementStatus, requirementStatus } from "./counts.ts";
import { failure, fakeReport } from "./fakes/report.ts";
import type { RequirementReport } from "./model.ts";

type Outcome = ReturnType<typeof failure>;

/** The requirements of a run in which the cases that show DELTA-17 come to something, and all others pass. */
function requirementsOf(outcome: (asked: Case) => Outcome, options = {}): readonly RequirementReport[] {
  const isAsked = ({ requirements, section }: Case) => requirements.includes("DELTA-17") || section === "fuzz";
  return fakeReport({ options, outcome: (asked) => (isAsked(asked) ? outcome(asked) : "pass") }).requirements;
}

function statusOf(id: string, requirements: readonly RequirementReport[]): RequirementStatus {
  return requirementStatus(requirements.find((requirement) => requirement.id === id)!);
}

describe("the requirements of a report", () => {
  test("are all of the chapters that there are cases for, with text, class, level and place", () => {
    const requirements = requirementsOf(() => "pass");
    const ids = [...loadRequirements().keys()].filter((id) => /^(DELTA|RECORD|STREAM|SESSION|COMP)-/.test(id));
    expect(requirements.map(({ id }) => id).sort()).toEqual(ids.sort());
    expect(requirements.find(({ id }) => id === "DELTA-12")).toMatchObject({
      text: expect.stringContaining("A decoder MUST refuse"),
      class: "decoder",
      level: "MUST",
      link: "docs/xbzrle/delta.md#malformed-deltas",
      leftOut: 0,
      broken: 0,
    });
  });

  test.each<[RequirementStatus, string, (asked: Case) => Outcome]>([
    ["met", "all pass", () => "pass"],
    ["met", "a SHOULD alone is broken elsewhere", () => "not-recommended"],
    ["broken", "one answer breaks it", (asked) => (asked.requirements[0] === "DELTA-17" ? failure(asked) : "pass")],
    ["partly met", "some crash", (asked) => (asked.id.length % 2 === 0 ? "crash" : "pass")],
    ["not shown", "all crash", () => "crash"],
    ["unsupported", "all are unsupported", () => "unsupported"],
    ["not asked", "none is asked", () => "not-run"],
  ])("DELTA-17 is %s where %s", (status, _, outcome) => {
    expect(statusOf("DELTA-17", requirementsOf(outcome))).toBe(status);
  });

  test("are not met where the options left out a vector that shows them", () => {
    const skipped = requirementsOf(() => "pass", { skip: ["delta/malformed/*-1*"] });
    expect(statusOf("DELTA-17", skipped)).toBe("partly met");
    const run = requirementsOf(() => "pass", { run: ["delta/capacity/*"] });
    expect(statusOf("DELTA-17", run)).toBe("not asked");
    expect(run.find(({ id }) => id === "DELTA-17")?.leftOut).toBeGreaterThan(100);
  });

  test("count failures of fuzzing, and no known ones", () => {
    const outcome = (asked: Case) => (asked.section === "fuzz" ? failure(asked) : "pass");
    const broken = (requirements: readonly RequirementReport[]) =>
      requirements.reduce((sum, requirement) => sum + requirement.broken, 0);
    expect(broken(requirementsOf(outcome))).toBe(20);
    expect(broken(fakeReport({ outcome, known: () => "a reason" }).requirements)).toBe(0);
  });
});
