/** The reference against the golden vectors. It writes a canonical delta that just fits, and accepts what may be refused. */

import { describe, expect, test } from "vitest";
import { applyDelta, encodeDelta, MalformedDeltaError } from "../reference/index.ts";
import { type DecodeVector, type EncodeVector, loadVectors } from "./index.ts";

const vectors = loadVectors();

function isEncoded({ oldPage, newPage, capacity, accept }: EncodeVector): boolean {
  const outcome = encodeDelta(oldPage, newPage, capacity);
  const recommended = accept.filter(({ level }) => level === "recommended");
  const delta = recommended.find(({ kind }) => kind === "delta");
  if (delta?.kind === "delta" && delta.delta) return outcome.kind === "delta" && same(outcome.delta, delta.delta);
  if (outcome.kind !== "delta") return recommended.some(({ kind }) => kind === outcome.kind);
  // A bridged delta: there are many, and each that fits will do.
  return delta !== undefined && outcome.delta.length <= capacity && same(applyDelta(oldPage, outcome.delta), newPage);
}

function isDecoded({ oldPage, delta, accept }: DecodeVector): boolean {
  const page = accept.find((outcome) => outcome.kind === "page");
  try {
    const given = applyDelta(oldPage, delta);
    return page !== undefined && same(given, page.newPage);
  } catch (error) {
    if (!(error instanceof MalformedDeltaError)) throw error;
    return accept.some((outcome) => outcome.kind === "malformed" && outcome.fault === error.fault);
  }
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

describe.each([...new Set(vectors.map(({ family }) => family))])("the family %s", (family) => {
  test("is answered by the reference as is recommended", () => {
    const wrong = vectors
      .filter((vector) => vector.family === family)
      .filter((vector) => !(vector.operation === "encode" ? isEncoded(vector) : isDecoded(vector)));
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});
