import { describe, expect, test } from "vitest";
import { drawnCases, type PlanOptions, planRun } from "./plan.ts";

const OPTIONS: PlanOptions = {
  operations: ["encode", "decode"],
  run: [],
  skip: [],
  fuzz: 30,
  seed: 1,
  exhaustive: true,
  shard: null,
};

describe("the plan of cases without names", () => {
  test.each<[Partial<PlanOptions>, Record<string, number>]>([
    [{ exhaustive: false }, { fuzz: 30 }],
    [{ operations: ["decode"] }, { fuzz: 30, "world:decode-8": 1_111_111 }],
    [{ operations: ["send"] }, { "fuzz/send": 30 }],
    [{ run: ["world:encode-8:1?"] }, { "world:encode-8": 10 }],
    [{ run: ["w*:encode-8:7", "fuzz:1:decode:[0-3]"] }, { fuzz: 4, "world:encode-8": 1 }],
    [{ run: ["world:*-8:7"], skip: ["*:decode-8:*"] }, { "world:encode-8": 1 }],
    [{ fuzz: 31, shard: "2/4", operations: ["encode"], run: ["fuzz:*"] }, { fuzz: 8 }],
    [{ fuzz: 31, shard: "4/4", exhaustive: false }, { fuzz: 7 }],
  ])("of %j is %j", (options, draws) => {
    const planned = { ...OPTIONS, ...options };
    expect(Object.fromEntries(planRun(planned, []).draws)).toEqual(draws);
  });

  test("counts what is drawn then, with shards and patterns", () => {
    for (const shard of [null, "1/3", "2/3", "3/3"]) {
      const options = { ...OPTIONS, shard, fuzz: 41, run: ["world:encode-8:*5", "world:decode-8:12?4", "fuzz:*"] };
      const drawn = new Map<string, number>();
      for (const { section } of drawnCases(options)) drawn.set(section, (drawn.get(section) ?? 0) + 1);
      expect(drawn).toEqual(planRun(options, []).draws);
    }
  });
});
