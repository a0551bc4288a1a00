import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packageFolder } from "../../spec/package.ts";
import { type CaseResult, isFailure, type Level } from "../harness/case.ts";
import { vectorsDigest } from "../report/vectors-digest.ts";
import { runConformance } from "../run.ts";
import { askedRequirements } from "../suites/asked-requirements.ts";
import { MUTANTS } from "./catalog.ts";
import { matrixFaults, worsenings } from "./compare.ts";
import { failuresOf, type KillMatrix, MUTATED_CHAPTERS } from "./matrix.ts";
import { matrixMarkdown, matrixPage, readMatrix } from "./matrix-text.ts";
import type { Codec } from "./mutant.ts";
import { RULES_OFF } from "./rules-off.ts";
import { VARIANTS } from "./variants.ts";

const matrix = readMatrix();

describe("the mutants", () => {
  test("have ids of their own, and say in a sentence what the mistake is", () => {
    expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
    expect(MUTANTS.filter(({ what }) => !/^[A-Z0-9].*\.$/.test(what)).map(({ id }) => id)).toEqual([]);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(80);
  });

  test("switch off the rule of each requirement once", () => {
    const mutated = [...askedRequirements().values()].filter(({ chapter }) => MUTATED_CHAPTERS.includes(chapter));
    expect(RULES_OFF.map(({ breaks }) => breaks)).toEqual(mutated.map(({ id }) => id));
  });

  test("keep nothing for the next one that is started", () => {
    const after = MUTANTS.filter(({ id }) => id.startsWith("state/"));
    for (const { codec } of after) expect(codec()).not.toBe(codec());
  });
});

describe("the matrix that is checked in", () => {
  test("is of these vectors and of these mutants (npm run mutants)", () => {
    expect(matrix.vectors).toBe(vectorsDigest(MUTATED_CHAPTERS));
    expect(matrix.mutants.map(({ id, breaks }) => `${id} ${breaks}`)).toEqual(
      MUTANTS.map(({ id, breaks }) => `${id} ${breaks}`),
    );
  });

  test("has every mutant killed, and an isolating vector for every requirement", () => {
    expect(matrixFaults(matrix)).toEqual([]);
  });

  test("names vectors that the mutants fail, but for those that need all that is asked before", () => {
    const rows = matrix.mutants.filter(
      ({ id }) => !id.startsWith("state/") && !["rules-off/DELTA-11", "rules-off/DELTA-24"].includes(id),
    );
    const failures = failuresOf(rows.map(({ id, first }) => ({ codec: start(id), ids: first })));
    rows.forEach(({ id, level, first }, index) => {
      expect(idsAt(level, failures[index]!), id).toEqual(first);
    });
  });

  test("names an isolating vector for each requirement, which no other rule switched off fails", () => {
    for (const { id, first } of matrix.requirements) {
      const ids = [first[0]!];
      // Each starts anew: what one that keeps something makes of a vector depends on those before it.
      const failures = failuresOf(RULES_OFF.map(({ codec }) => ({ codec: codec(), ids })));
      const failing = RULES_OFF.filter((_, index) => failures[index]!.length !== 0);
      expect(
        failing.map(({ breaks }) => breaks),
        first[0],
      ).toEqual([id]);
    }
  });

  test("is written for people too", () => {
    expect(readFileSync(matrixPage, "utf8")).toBe(matrixMarkdown(matrix));
  });
});

describe("a matrix that is worse", () => {
  const [first, ...others] = matrix.mutants;
  const withFirst = (row: object): KillMatrix => ({ ...matrix, mutants: [{ ...first!, ...row }, ...others] });

  test("is one in which a mutant survives", () => {
    expect(matrixFaults(withFirst({ kills: 0, named: 0 }))).toEqual([
      `${first!.id} survives: no vector shows that it breaks ${first!.breaks}`,
    ]);
  });

  test("is one in which fewer vectors kill a mutant, or the mutant is gone", () => {
    const fewer = withFirst({ kills: first!.kills - 1 });
    expect(worsenings(matrix, fewer)).toEqual([
      `${first!.id} was killed by ${first!.kills} vectors, and now by ${first!.kills - 1}`,
    ]);
    expect(worsenings(matrix, { ...matrix, mutants: others })).toEqual([`${first!.id} is no longer in the matrix`]);
    expect(worsenings(fewer, matrix)).toEqual([]);
  });

  test("is one in which a requirement has no isolating vector, or is not what a mutant of it is killed for", () => {
    const [requirement, ...rest] = matrix.requirements;
    const without = { ...matrix, requirements: [{ ...requirement!, isolating: 0 }, ...rest] };
    expect(matrixFaults(without)).toEqual([`${requirement!.id} has no isolating vector`]);
    expect(matrixFaults(withFirst({ named: 0 }))).toEqual([
      `${first!.id} is killed, but not for ${first!.breaks}, nor by a vector that names it`,
    ]);
  });

  test("is one in which a mutant of a SHOULD breaks a MUST", () => {
    const row = matrix.mutants.find(({ level }) => level === "recommended")!;
    const broken = { ...row, broken: { "required: DELTA-23": 1 } };
    expect(matrixFaults({ ...matrix, mutants: [broken] })).toEqual([
      `${row.id} breaks only a SHOULD, and is failed as required: DELTA-23`,
    ]);
  });
});

test("the legal variants conform, each at its level", () => {
  const failures = failuresOf(VARIANTS.map(({ codec }) => ({ codec: codec() })));
  VARIANTS.forEach(({ id, level }, index) => {
    expect(idsAt("required", failures[index]!), id).toEqual([]);
    expect(failures[index]!.length === 0, id).toBe(level === "recommended");
  });
});

describe("a mutant as an adapter", () => {
  const adapter = join(packageFolder, "dist/conformance/mutants/adapter.js");
  beforeAll(() => expect(existsSync(adapter), "npm run build").toBe(true));

  test.each([
    ["applying/literals-at-most-8191", "decode"],
    ["mistaken-checks/nzrun-truncated-one-short", "decode"],
    ["capacity/room-one-past", "encode"],
  ])("%s fails the vectors that its twin in this process fails", async (id, operation) => {
    const options = { fuzz: 0, operations: [operation] };
    const report = await runConformance({ command: [process.execPath, adapter, id], options });
    expect(report.verdict).toBe("nonconformant");
    const row = matrix.mutants.find((each) => each.id === id)!;
    expect(report.failures.length).toBe(row.kills);
    const [twin] = failuresOf([{ codec: start(id) }]);
    expect(report.failures.map((failure) => failure.id)).toEqual(idsAt("required", twin!));
  });

  test("conforms at the level required if it breaks a SHOULD", async () => {
    const command = [process.execPath, adapter, "literals/merged-gaps-in-long-runs"];
    const required = await runConformance({ command, options: { fuzz: 0, operations: ["encode"] } });
    expect(required.verdict).toBe("conformant");
    const recommended = await runConformance({
      command,
      options: { fuzz: 0, operations: ["encode"], level: "recommended" },
    });
    expect(recommended.verdict).toBe("nonconformant");
  });
});

/** Starts the mutant with this id. */
function start(id: string): Codec {
  return MUTANTS.find((mutant) => mutant.id === id)!.codec();
}

/** The ids of the vectors among these that speak against an implementation at a level. */
function idsAt(level: Level, results: readonly CaseResult[]): string[] {
  return results.filter(({ verdict }) => isFailure(verdict, level)).map((result) => result.case.id);
}
