import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { expect } from "vitest";
import { canonicalDelta } from "../../reference/index.ts";
import { buildEncodeRequest } from "./fuzz-build.ts";
import { encodePlan } from "./fuzz-plans.ts";

/** Plans with runs about as long as a length can say. */
const longRuns = fc
  .tuple(encodePlan, fc.constantFrom(16_384, 16_385, 16_386, 40_000), fc.integer({ min: 16_380, max: 16_386 }))
  .map(([plan, pageSize, gap]) => {
    const [change, ...changes] = plan.changes;
    return { ...plan, page: { ...plan.page, pageSize }, changes: change ? [{ ...change, gap }, ...changes] : [] };
  });

test.prop([fc.oneof(encodePlan, longRuns)], { numRuns: 1000 })(
  "a fuzz case knows the canonical delta as the plain codec does",
  (plan) => {
    const { request, canonical } = buildEncodeRequest(plan);
    const expected = canonicalDelta(request.oldPage, request.newPage);
    expect(canonical && Buffer.from(canonical)).toEqual(expected && Buffer.from(expected));
  },
);
