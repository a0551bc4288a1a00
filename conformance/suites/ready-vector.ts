/**
 * A request as a vector in the form of `vectors/json`, ready to be kept in a file and replayed.
 */

import { compactBytes, compactPage, compactPatches } from "../../vectors/compact.ts";
import type { DecodeVectorText, EncodeVectorText, FamilyText } from "../../vectors/format.ts";
import { expandFamily } from "../../vectors/load.ts";
import { schemaFaults } from "../../vectors/schema.ts";
import type { Case } from "../harness/case.ts";
import { decodeOutcomes, encodeOutcomes } from "./fuzz-build.ts";
import { vectorCase } from "./vector-suite.ts";

/** The family of vectors that were found by fuzzing. */
const FAMILY = "found";

/** The case as a vector; the outcomes are those of the chapter's rules. */
export function readyVector({ id, why, request }: Case): EncodeVectorText | DecodeVectorText {
  const name = id
    .replace(/^(fuzz|world):/, "")
    .replaceAll(":", ".")
    .slice(0, 48);
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

/** The case of a vector that stands alone; an Error says what is wrong with it by `spec/vector.schema.json`. */
export function standaloneCase(vector: unknown): Case {
  const family = { formatVersion: 1, chapter: "delta", family: FAMILY, notes: {}, vectors: [vector] };
  const [fault] = schemaFaults(family);
  if (fault !== undefined) throw new Error(fault.replace("/vectors/0", ""));
  const [expanded] = expandFamily(family as FamilyText);
  return vectorCase(expanded!, new Map());
}
