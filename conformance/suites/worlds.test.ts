import { describe, expect, test } from "vitest";
import { applyDelta, encodeDelta, MalformedDeltaError } from "../../reference/index.ts";
import type { Answer, Request } from "../protocol.ts";
import { WorldRun, worldCase, worldCaseCount } from "./worlds.ts";

/** What the reference answers. */
function answer(request: Request): Answer {
  if (request.operation === "encode") return encodeDelta(request.oldPage, request.newPage, request.capacity);
  try {
    return { kind: "page", page: applyDelta(request.oldPage, request.delta) };
  } catch (error) {
    if (!(error instanceof MalformedDeltaError)) throw error;
    return { kind: "malformed", reason: "" };
  }
}

describe("small worlds", () => {
  test("have the digests that the vectors publish: the reference and the generators agree on every case", () => {
    let count = 0;
    for (const asked of new WorldRun(["encode", "decode"]).cases()) {
      if (asked.judge(answer(asked.request)).kind !== "pass") throw new Error(`${asked.id} does not pass`);
      count++;
    }
    expect(count).toBe(worldCaseCount(["encode", "decode"]));
    expect(count).toBe(1_111_111 + 256 * 16 + 65_536 * 28);
  });

  test("find a case again by its id", () => {
    const [, , , fourth] = new WorldRun(["decode"]).cases();
    expect(worldCase(fourth!.id)?.request).toEqual(fourth?.request);
    expect(worldCase("world:decode-8:1111111")).toBeUndefined();
  });
});
