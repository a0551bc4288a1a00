/**
 * The golden vectors as cases.
 */

import {
  type DecodeVector,
  type EncodeVector,
  loadReceiveVectors,
  loadSendVectors,
  loadVectors,
  type Vector,
} from "../../vectors/index.ts";
import type { Case } from "../harness/case.ts";
import type { CodecRequest, DecodeRequest, EncodeRequest } from "../protocol.ts";
import { type CaseHead, decodeCase, encodeCase } from "./delta-cases.ts";
import { receiveCase } from "./receive-cases.ts";
import { sendCase } from "./send-cases.ts";

/** All vectors as cases, in their order: those of codecs, of receivers, and then of senders. */
export function vectorCases(): Case[] {
  const vectors = loadVectors();
  const byId = new Map(vectors.map((vector) => [vector.id, vector]));
  return [
    ...vectors.map((vector) => vectorCase(vector, byId)),
    ...loadReceiveVectors().map(receiveCase),
    ...loadSendVectors().map(sendCase),
  ];
}

/** One vector of the delta chapter as a case; the vectors that are asked before it are found by their ids. */
export function vectorCase(vector: Vector, byId: ReadonlyMap<string, Vector>): Case<CodecRequest> {
  const { id, requirements, why } = vector;
  const before = vector.after.map((earlier) => vectorRequest(byId.get(earlier)!));
  const head: CaseHead = { id, section: `${vector.chapter}/${vector.family}`, requirements, why, before };
  if (vector.operation === "encode") {
    return encodeCase(
      head,
      () => encodeRequest(vector),
      () => vector.accept,
    );
  }
  return decodeCase(
    head,
    () => decodeRequest(vector),
    () => vector.accept,
  );
}

function vectorRequest(vector: Vector): CodecRequest {
  return vector.operation === "encode" ? encodeRequest(vector) : decodeRequest(vector);
}

function encodeRequest({ capacity, oldPage, newPage }: EncodeVector): EncodeRequest {
  return { operation: "encode", capacity, oldPage, newPage };
}

function decodeRequest({ oldPage, delta }: DecodeVector): DecodeRequest {
  return { operation: "decode", oldPage, delta };
}
