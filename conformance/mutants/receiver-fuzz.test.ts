/** What drawn streams find of receivers that break one rule each, without a vector. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packageFolder } from "../../spec/package.ts";
import type { ReceiveRequest } from "../protocol.ts";
import { runConformance } from "../run.ts";
import { fuzzCases } from "../suites/fuzz.ts";
import { receiveBy } from "./receiver.ts";
import { RECEIVER_RULES_OFF } from "./receiver-rules-off.ts";

const SEED = 7;
const STREAM_COUNT = 2000;

/** The rules that these streams do not find to be broken. All that are asked by vectors are found: none is out of the reach of fuzzing. */
const NOT_NOTICED: readonly string[] = [];

/** The first stream that a receiver fails which breaks the rule, or none; and what is said of it. */
function firstFailure(broken: string | undefined) {
  for (const drawn of fuzzCases(STREAM_COUNT, SEED, ["receive"])) {
    const judgement = drawn.judge(receiveBy(broken, drawn.request as ReceiveRequest));
    if (judgement.kind === "fail") return { id: drawn.id, ...judgement };
  }
  return undefined;
}

describe("drawn streams", () => {
  test("are taken and refused by the receiver without a mistake, which is not the reference, as they have to be", () => {
    expect(firstFailure(undefined)).toBeUndefined();
  });

  test("find each broken rule but for those that are listed", { timeout: 120_000 }, () => {
    const unnoticed = Object.keys(RECEIVER_RULES_OFF).filter((rule) => firstFailure(rule) === undefined);
    expect(unnoticed).toEqual(NOT_NOTICED);
  });
});

describe("a mutant of receivers as an adapter", () => {
  const adapter = join(packageFolder, "dist/conformance/mutants/adapter.js");
  beforeAll(() => expect(existsSync(adapter), "npm run build").toBe(true));

  test.each([
    ["RECORD-19", 2],
    ["RECORD-15", 1],
    ["STREAM-17", 0],
  ])("that breaks %s is found by fuzzing, and %i records of pages are enough to show it", async (rule, pageCount) => {
    const command = [process.execPath, adapter, `receiver/${rule}`];
    const options = { operations: ["receive"], run: ["fuzz:*"], fuzz: 600, seed: SEED };
    const { verdict, failures } = await runConformance({ command, options });
    expect(verdict).toBe("nonconformant");
    const shrunk = failures.filter(({ asFound, broken }) => asFound !== null && broken === rule);
    expect(shrunk.length).toBeGreaterThan(0);
    const lines = shrunk[0]!.request.filter((line) => / {2}(zero|page|xbzrle|compressed) /.test(line));
    expect(lines.length).toBe(pageCount);
  });
});
