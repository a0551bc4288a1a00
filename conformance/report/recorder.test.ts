import { describe, expect, test } from "vitest";
import type { Case } from "../harness/case.ts";
import { type RequirementStatus, requirementStatus } from "./counts.ts";
import { failure, fakeReport } from "./fakes/report.ts";
import type { RequirementReport } from "./model.ts";

const SOME = ["delta/edges/*", "delta/malformed/*", "fuzz:*"];

function reportOf(outcome: (asked: Case) => ReturnType<typeof failure>) {
  const { requirements, counts } = fakeReport({ options: { run: SOME }, outcome });
  const byId = new Map(requirements.map((requirement) => [requirement.id, requirement]));
  return { requirements, counts, get: (id: string): RequirementReport => byId.get(id)! };
}

describe("the requirements of a report", () => {
  test("are all of the chapters, with text, class, level and place", () => {
    const { requirements, get } = reportOf(() => "pass");
    expect(requirements).toHaveLength(31);
    expect(get("DELTA-12")).toMatchObject({
      text: expect.stringContaining("A decoder MUST refuse"),
      class: "decoder",
      level: "MUST",
      link: "docs/xbzrle/delta.md#malformed-deltas",
      broken: 0,
    });
  });

  test.each<[RequirementStatus, string, (asked: Case) => ReturnType<typeof failure>]>([
    ["met", "all pass", () => "pass"],
    ["met", "a SHOULD alone is broken elsewhere", () => "not-recommended"],
    ["broken", "one answer breaks it", (asked) => (asked.requirements[0] === "DELTA-17" ? failure(asked) : "pass")],
    ["partly met", "some crash", (asked) => (asked.id.length % 2 === 0 ? "crash" : "pass")],
    ["not shown", "all crash", () => "crash"],
    ["unsupported", "all are unsupported", () => "unsupported"],
    ["not asked", "none is asked", () => "not-run"],
  ])("DELTA-17 is %s where %s", (status, _, outcome) => {
    expect(requirementStatus(reportOf(outcome).get("DELTA-17"))).toBe(status);
  });

  test("that no vector of the selection shows are not asked", () => {
    expect(requirementStatus(reportOf(() => "pass").get("DELTA-30"))).toBe("not asked");
  });

  test("count failures of fuzzing, and no known ones", () => {
    const outcome = (asked: Case) => (asked.section === "fuzz" ? failure(asked) : "pass");
    const broken = ({ requirements }: { requirements: readonly RequirementReport[] }) =>
      requirements.reduce((sum, requirement) => sum + requirement.broken, 0);
    expect(broken(reportOf(outcome))).toBe(20);
    expect(broken(fakeReport({ options: { run: SOME }, outcome, known: () => "a reason" }))).toBe(0);
  });
});
