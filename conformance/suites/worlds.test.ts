import { describe, expect, test } from "vitest";
import { applyDelta, encodeDelta, MalformedDeltaError } from "../../reference/index.ts";
import { WORLDS } from "../../vectors/worlds.ts";
import type { Answer, CodecRequest } from "../protocol.ts";
import { type WorldSelection, worldCase, worldCases, worldCounts, worldOrdinal } from "./worlds.ts";

const ALL: WorldSelection = { operations: ["encode", "decode"], isBlockAsked: () => true, isAsked: undefined };
/** The first block of `encode-8`, which is the whole of it, comes after those of `decode-8`. */
const SMALL: WorldSelection = { ...ALL, operations: ["encode"], isBlockAsked: (block) => block === 112 };

/** What the reference answers. */
function answer(request: CodecRequest): Answer {
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
    for (const asked of worldCases(ALL)) {
      if (asked.judge(answer(asked.request)).kind !== "pass") throw new Error(`${asked.id} does not pass`);
      count++;
    }
    expect(count).toBe(WORLDS.reduce((sum, { caseCount }) => sum + caseCount, 0));
    expect(count).toBe(1_111_111 + 256 * 16 + 65_536 * 28);
  }, 400_000);

  test("narrow a block with another digest to the inputs that differ, and find each again by its id", () => {
    const failed: string[] = [];
    for (const asked of worldCases(SMALL)) {
      const { request } = asked;
      const isHit =
        request.operation === "encode" && request.capacity === 9 && request.newPage[7] !== request.oldPage[7];
      const answered: Answer = isHit ? { kind: "overflow" } : answer(request);
      if (asked.judge(answered).kind === "fail") failed.push(asked.id);
    }
    expect(failed.length).toBeGreaterThan(20);
    for (const id of failed) {
      const found = worldCase(id)!;
      expect(found.request).toMatchObject({ operation: "encode", capacity: 9 });
      expect(found.judge({ kind: "overflow" })).toMatchObject({ kind: "fail", level: "required" });
    }
  });

  test("are no evidence where judge and vectors disagree: neither passing answers nor failures have another digest then", () => {
    const digests = { "decode-8": [], "encode-8": ["0123456789abcdef"], "encode-16": [] };
    for (const wrongId of ["world:encode-8:2000", "none"]) {
      const askAll = () => {
        for (const { id, request, judge } of worldCases(SMALL, digests)) {
          judge(id === wrongId ? { kind: "delta", delta: Uint8Array.of(0) } : answer(request));
        }
      };
      expect(askAll).toThrow("world:encode-8:0 and after it");
    }
  });

  test("are counted by world, whole blocks or case by case", () => {
    expect([...worldCounts(ALL)]).toEqual([
      ["world:decode-8", 1_111_111],
      ["world:encode-8", 4096],
      ["world:encode-16", 1_835_008],
    ]);
    expect([...worldCounts({ ...SMALL, isAsked: (id) => id.endsWith("7") })]).toEqual([["world:encode-8", 409]]);
    expect([...worldCounts({ ...SMALL, isBlockAsked: () => false })]).toEqual([]);
  });

  test("number their cases through, and know no others", () => {
    expect(worldOrdinal("world:encode-8:0")).toBe(1_111_111);
    for (const id of ["world:decode-8:1111111", "world:decode-8:01", "world:no-such:1", "fuzz:1:encode:1"]) {
      expect([worldCase(id), worldOrdinal(id)]).toEqual([undefined, undefined]);
    }
  });
});
