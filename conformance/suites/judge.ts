/**
 * Judges the answers to encode and decode requests: an encoder by decoding what it wrote (required) and by the canonical
 * form (recommended), a decoder by the page it gave or the refusal.
 */

import { applyDelta, deltaRuns, MalformedDeltaError } from "../../reference/index.ts";
import type { DecodeOutcome, EncodeOutcome } from "../../vectors/index.ts";
import type { Difference, Judgement, Level } from "../harness/case.ts";
import type { Answer, DecodeRequest, EncodeRequest } from "../protocol.ts";

const PASS: Judgement = { kind: "pass" };

/** Judges an encoder's answer by the outcomes that conform. */
export function judgeEncode(request: EncodeRequest, accept: readonly EncodeOutcome[], answer: Answer): Judgement {
  if (answer.kind === "delta") return judgeDelta(request, accept, answer.delta);
  const changed = firstDifference("page", request.oldPage, request.newPage);
  const accepted = accept.find(({ kind }) => kind === answer.kind);
  if (accepted) return accepted.level === "recommended" ? PASS : fail("recommended", "DELTA-29", "");
  if (changed === undefined) return fail("required", "DELTA-20", `${answer.kind} for two equal pages`);
  if (answer.kind === "unchanged") {
    return fail("required", "DELTA-21", `unchanged, but the pages differ at offset ${changed.offset}`);
  }
  const size = canonicalOf(accept)?.length;
  const sizes =
    size === undefined ? "" : `: the canonical delta has ${size} bytes, the capacity is ${request.capacity}`;
  return fail("required", "DELTA-27", `overflow, though there is room${sizes}`);
}

function judgeDelta(request: EncodeRequest, accept: readonly EncodeOutcome[], delta: Uint8Array): Judgement {
  const { oldPage, newPage, capacity } = request;
  const size = `${delta.length} byte${delta.length === 1 ? "" : "s"}`;
  if (capacity < delta.length) return fail("required", "DELTA-26", `a delta of ${size} for a capacity of ${capacity}`);
  if (delta.length === 0) return fail("required", "DELTA-22", "an empty delta; equal pages are reported as unchanged");
  let given: Uint8Array;
  try {
    given = applyDelta(oldPage, delta);
  } catch (error) {
    if (!(error instanceof MalformedDeltaError)) throw error;
    return fail("required", "DELTA-22", `the delta is malformed: ${error.message}`);
  }
  const difference = firstDifference("page", newPage, given);
  if (difference) {
    const detail = `the delta gives another page: ${inWords(difference)}${encoderMistake(request, delta)}`;
    return fail("required", "DELTA-23", detail, difference);
  }
  const deltas = accept.filter((outcome) => outcome.kind === "delta");
  if (deltas.length === 0) return fail("required", "DELTA-20", `a delta of ${size} for two equal pages`);
  const meetsAll = deltas.some(
    (outcome) => outcome.level === "recommended" && (outcome.delta === undefined || equal(outcome.delta, delta)),
  );
  return meetsAll ? PASS : judgeForm(request, accept, delta);
}

/** A delta that is right and not the canonical one: which SHOULD it breaks. */
function judgeForm(request: EncodeRequest, accept: readonly EncodeOutcome[], delta: Uint8Array): Judgement {
  const expected = canonicalOf(accept);
  const difference = expected && firstDifference("delta", expected, delta);
  for (const run of deltaRuns(delta, request.oldPage.length)) {
    if (run.lengthByteCount === 2 && run.length < 128) {
      const detail = `the length at delta byte ${run.deltaOffset} is ${run.length} in two bytes; one is enough`;
      return fail("recommended", "DELTA-4", detail, difference);
    }
    if (run.kind === "zrun") continue;
    const equalAt = run.literals.findIndex((literal, index) => literal === request.oldPage[run.pageOffset + index]);
    if (expected && equalAt !== -1) {
      const detail = `the literal for page offset ${run.pageOffset + equalAt} equals the old byte`;
      return fail("recommended", "DELTA-25", detail, difference);
    }
  }
  return fail("recommended", "DELTA-29", "a delta where the canonical one does not fit the capacity");
}

/** Judges a decoder's answer by the outcomes that conform; `requirement` is the one that the case is about. */
export function judgeDecode(
  request: DecodeRequest,
  accept: readonly DecodeOutcome[],
  requirement: string,
  answer: Answer,
): Judgement {
  if (answer.kind === "malformed") {
    if (accept.some(({ kind }) => kind === "malformed")) return PASS;
    return fail("required", requirement, "refused, but the delta is well-formed");
  }
  if (answer.kind !== "page") throw new Error(`${answer.kind} does not answer a decode request`);
  const { page } = answer;
  const { oldPage } = request;
  const accepted = accept.find((outcome) => outcome.kind === "page");
  if (accepted === undefined) {
    const fault = accept.find((outcome) => outcome.kind === "malformed")?.fault;
    return fail("required", requirement, `accepted, but the delta is malformed${fault ? `: ${fault}` : ""}`);
  }
  const difference = firstDifference("page", accepted.newPage, page);
  if (difference === undefined) return PASS;
  const sizes = page.length === oldPage.length ? "" : `: a page of ${page.length} bytes for one of ${oldPage.length}`;
  const mistake = decoderMistake(oldPage, accepted.newPage, page);
  return fail("required", requirement, `another page${sizes}: ${inWords(difference)}${mistake}`, difference);
}

/** The first byte in which `got` differs from `expected`, lengths included; nothing where they are equal. */
function firstDifference(what: Difference["what"], expected: Uint8Array, got: Uint8Array): Difference | undefined {
  if (equal(expected, got)) return undefined;
  let offset = 0;
  while (expected[offset] === got[offset]) offset++;
  return { what, offset, expected: expected[offset] ?? -1, got: got[offset] ?? -1 };
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function fail(level: Level, requirement: string, detail: string, difference?: Difference): Judgement {
  return { kind: "fail", level, requirement, detail, ...(difference && { difference }) };
}

function canonicalOf(accept: readonly EncodeOutcome[]): Uint8Array | undefined {
  for (const outcome of accept) {
    if (outcome.kind === "delta" && outcome.delta) return outcome.delta;
  }
  return undefined;
}

function inWords({ offset, expected, got }: Difference): string {
  if (expected === -1) return `it goes on at offset ${offset}, where it should end`;
  if (got === -1) return `it ends at offset ${offset}`;
  return `byte ${offset} is ${hexByte(got)}, not ${hexByte(expected)}`;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** The mistake behind a wrong delta where it can be told, as the end of a sentence. */
function encoderMistake({ oldPage, newPage }: EncodeRequest, delta: Uint8Array): string {
  const runs = [...deltaRuns(delta, oldPage.length)].filter((run) => run.kind === "nzrun");
  const every = (expectedLiteral: (pageOffset: number) => number) =>
    runs.every((run) => run.literals.every((literal, index) => literal === expectedLiteral(run.pageOffset + index)));
  if (every((offset) => oldPage[offset]!)) return "; the literals are the old bytes";
  if (every((offset) => oldPage[offset]! ^ newPage[offset]!)) return "; the literals are the XOR of old and new bytes";
  return "";
}

/** The mistake behind a wrong page where it can be told, as the end of a sentence. */
function decoderMistake(oldPage: Uint8Array, expected: Uint8Array, got: Uint8Array): string {
  if (expected.length !== got.length) return "";
  if (equal(oldPage, got)) return "; it is the old page";
  const isXor = got.every((byte, offset) => {
    const changed = expected[offset] !== oldPage[offset];
    return byte === (changed ? oldPage[offset]! ^ expected[offset]! : oldPage[offset]!);
  });
  return isXor ? "; the literals were taken for the XOR of old and new bytes" : "";
}
