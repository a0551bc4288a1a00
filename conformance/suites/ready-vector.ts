/**
 * A request as a vector in the form of `vectors/json`, ready to be kept in a file and replayed.
 */

import { compactBytes, compactPage, compactPatches } from "../../vectors/compact.ts";
import type {
  DecodeVectorText,
  EncodeVectorText,
  FamilyText,
  ReceiveFamilyText,
  ReceiveVectorText,
} from "../../vectors/format.ts";
import { expandFamily } from "../../vectors/load.ts";
import { expandReceiveFamily } from "../../vectors/receive.ts";
import { schemaFaults } from "../../vectors/schema.ts";
import type { Case } from "../harness/case.ts";
import type { ReceiveRequest } from "../protocol.ts";
import { decodeOutcomes, encodeOutcomes } from "./fuzz-build.ts";
import { fuzzSectionOf } from "./fuzz-ids.ts";
import { expectationOf } from "./fuzz-streams.ts";
import { receiveCase } from "./receive-cases.ts";
import { vectorCase } from "./vector-suite.ts";

/** The family of vectors that were found by fuzzing. */
const FAMILY = "found";

/** A case that was drawn as a vector; the outcomes are those of the chapters' rules. */
export function readyVector(drawn: Case): EncodeVectorText | DecodeVectorText | ReceiveVectorText {
  const { id, why, section, request } = drawn;
  const name = id
    .replace(/^(fuzz|world):/, "")
    .replaceAll(":", ".")
    .slice(0, 40);
  if (request.operation === "receive") {
    const chapter = section === fuzzSectionOf("compressed") ? "compressed" : "record";
    return readyStream(`${chapter}/${FAMILY}/${name}`, why, request);
  }
  const head = { id: `delta/${FAMILY}/${name}`, why, oldPage: compactPage(request.oldPage) };
  if (request.operation === "encode") {
    const { operation, capacity, oldPage } = request;
    const accept = encodeOutcomes(request).map((outcome) => {
      return outcome.kind === "delta" && outcome.delta ? { ...outcome, delta: compactBytes(outcome.delta) } : outcome;
    }) as EncodeVectorText["accept"];
    return {
      ...head,
      operation,
      requirements: ["DELTA-23", "DELTA-27"],
      newPage: compactPatches(oldPage, request.newPage),
      capacity,
      accept,
    };
  }
  const { operation, oldPage, delta } = request;
  const { accept, requirement } = decodeOutcomes(request);
  return {
    ...head,
    operation,
    requirements: [requirement],
    delta: compactBytes(delta),
    accept: accept.map((outcome) => {
      return outcome.kind === "page" ? { ...outcome, newPage: compactPatches(oldPage, outcome.newPage) } : outcome;
    }) as DecodeVectorText["accept"],
  };
}

/** The stream of a receive request as a vector. */
function readyStream(id: string, why: string, { operation, ramSize, stream }: ReceiveRequest): ReceiveVectorText {
  const { accept, requirements } = expectationOf({ ramSize, stream }, true)!;
  return {
    id,
    operation,
    requirements,
    why,
    ramSize,
    stream: compactBytes(stream),
    accept: accept.map((outcome) => {
      if (outcome.kind === "malformed") return outcome;
      return { ...outcome, pages: outcome.pages.map(({ address, page }) => [address, compactPage(page)] as const) };
    }),
  };
}

/** The case of a vector that stands alone; an Error says what is wrong with it by `spec/vector.schema.json`. */
export function standaloneCase(vector: unknown): Case {
  const chapter = chapterOf(vector);
  const family = { formatVersion: 1, chapter, family: FAMILY, notes: {}, vectors: [vector] };
  const [fault] = schemaFaults(family);
  if (fault !== undefined) throw new Error(fault.replace("/vectors/0", ""));
  if (chapter !== "delta") return receiveCase(expandReceiveFamily(family as ReceiveFamilyText)[0]!);
  const [expanded] = expandFamily(family as FamilyText);
  return vectorCase(expanded!, new Map());
}

/** The chapter of a vector for receivers stands in its id; what is none of those is taken for one of the delta chapter. */
function chapterOf(vector: unknown): string {
  const id = String((vector as { readonly id?: unknown } | null)?.id);
  return /^(?:record|stream|compressed)(?=\/)/.exec(id)?.[0] ?? "delta";
}
