/**
 * A request as a vector in the form of `vectors/json`, ready to be kept in a file and replayed.
 */

import { compactBytes, compactPage, compactPatches } from "../../vectors/compact.ts";
import type {
  DecodeVectorText,
  EncodeVectorText,
  FamilyText,
  RamPageText,
  ReceiveFamilyText,
  ReceiveVectorText,
  SendFamilyText,
  SendVectorText,
} from "../../vectors/format.ts";
import type { RamPage } from "../../vectors/index.ts";
import { expandFamily } from "../../vectors/load.ts";
import { expandReceiveFamily } from "../../vectors/receive.ts";
import { schemaFaults } from "../../vectors/schema.ts";
import { expandSendFamily, sendFaults } from "../../vectors/send.ts";
import type { Case } from "../harness/case.ts";
import type { ReceiveRequest, SendRequest } from "../protocol.ts";
import { decodeOutcomes, encodeOutcomes } from "./fuzz-build.ts";
import { DRAWN_GUEST_SHOWS } from "./fuzz-guests.ts";
import { fuzzSectionOf } from "./fuzz-ids.ts";
import { expectationOf } from "./fuzz-streams.ts";
import { pagesOf, playGuest } from "./guest-play.ts";
import { receiveCase } from "./receive-cases.ts";
import { sendCase } from "./send-cases.ts";
import { vectorCase } from "./vector-suite.ts";

/** The family of vectors that were found by fuzzing. */
const FAMILY = "found";

/** A vector of any operation. */
type AnyVectorText = EncodeVectorText | DecodeVectorText | ReceiveVectorText | SendVectorText;

/** A case that was drawn as a vector; the outcomes are those of the chapters' rules. */
export function readyVector(drawn: Case): AnyVectorText {
  const { id, why, section, request } = drawn;
  const name = id
    .replace(/^(fuzz|world):/, "")
    .replaceAll(":", ".")
    .slice(0, 40);
  if (request.operation === "receive") {
    const chapter = section === fuzzSectionOf("compressed") ? "compressed" : "record";
    return readyStream(`${chapter}/${FAMILY}/${name}`, why, request);
  }
  if (request.operation === "send") return readyGuest(`session/${FAMILY}/${name}`, why, request);
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
      return { ...outcome, pages: pageTexts(outcome.pages) };
    }),
  };
}

/** The guest of a send request as a vector. */
function readyGuest(id: string, why: string, request: SendRequest): SendVectorText {
  const { operation, ramSize, cacheSize, steps } = request;
  const pages = pagesOf(playGuest(request).rounds.at(-1)!);
  return {
    id,
    operation,
    requirements: DRAWN_GUEST_SHOWS,
    why,
    ramSize,
    cacheSize,
    steps: steps.map((step) =>
      step.kind === "round" ? step.kind : ([step.offset, compactBytes(step.bytes)] as const),
    ),
    accept: [{ level: "recommended", kind: "stream", pages: pageTexts(pages) }],
  };
}

function pageTexts(pages: readonly RamPage[]): RamPageText[] {
  return pages.map(({ address, page }) => [address, compactPage(page)] as const);
}

/** The case of a vector that stands alone; an Error says what is wrong with it by `spec/vector.schema.json`. */
export function standaloneCase(vector: unknown): Case {
  const chapter = chapterOf(vector);
  const family = { formatVersion: 1, chapter, family: FAMILY, notes: {}, vectors: [vector] };
  const [fault] = schemaFaults(family);
  if (fault !== undefined) throw new Error(fault.replace("/vectors/0", ""));
  if (chapter === "session") return standaloneGuest(family as SendFamilyText);
  if (chapter !== "delta") return receiveCase(expandReceiveFamily(family as ReceiveFamilyText)[0]!);
  const [expanded] = expandFamily(family as FamilyText);
  return vectorCase(expanded!, new Map());
}

function standaloneGuest(family: SendFamilyText): Case {
  const [fault] = family.vectors.flatMap(sendFaults);
  if (fault !== undefined) throw new Error(fault);
  return sendCase(expandSendFamily(family)[0]!);
}

/** The chapter of a vector for receivers or senders stands in its id; what is none of those is taken for one of the delta chapter. */
function chapterOf(vector: unknown): string {
  const id = String((vector as { readonly id?: unknown } | null)?.id);
  return /^(?:record|stream|session|compressed)(?=\/)/.exec(id)?.[0] ?? "delta";
}
