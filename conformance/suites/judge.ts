/**
 * Judges the answers to encode and decode requests: an encoder by decoding what it wrote (required) and by the canonical
 * form (recommended), a decoder by the page it gave or the refusal.
 */

import { applyDelta, deltaRuns, MalformedDeltaError, type Run } from "../../reference/index.ts";
import type { DecodeOutcome, EncodeOutcome } from "../../vectors/index.ts";
import type { Difference, Judgement } from "../harness/case.ts";
import type { Answer, DecodeRequest, EncodeRequest } from "../protocol.ts";
import { bytesText, faultOf } from "./annotate.ts";
import { fail, inWords, PASS } from "./judgement.ts";

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
  const size = bytesText(delta.length);
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
  const recommended = deltas.filter(({ level }) => level === "recommended");
  if (recommended.some((outcome) => outcome.delta && equal(outcome.delta, delta))) return PASS;
  const isAnyRecommended = recommended.some((outcome) => outcome.delta === undefined);
  return judgeForm(request, canonicalOf(accept), isAnyRecommended, delta);
}

/** A delta that is right and not the canonical one, which there may not be: which SHOULD it breaks. */
function judgeForm(
  { oldPage }: EncodeRequest,
  canonical: Uint8Array | undefined,
  isAnyRecommended: boolean,
  delta: Uint8Array,
): Judgement {
  const difference = canonical && firstDifference("delta", canonical, delta);
  const runs = [...deltaRuns(delta, oldPage.length)];
  // DELTA-4 binds whether there is a canonical delta or not.
  const longer = runs.find((run) => run.lengthByteCount === 2 && run.length < 128);
  if (longer) {
    const detail = `the length at delta byte ${longer.deltaOffset} is ${longer.length} in two bytes; one is enough`;
    return fail("recommended", "DELTA-4", detail, difference ?? longerForm(longer, delta));
  }
  if (isAnyRecommended) return PASS;
  for (const run of runs) {
    if (run.kind === "zrun" || canonical === undefined) continue;
    const equalAt = run.literals.findIndex((literal, index) => literal === oldPage[run.pageOffset + index]);
    if (equalAt === -1) continue;
    const detail = `the literal for page offset ${run.pageOffset + equalAt} equals the old byte`;
    return fail("recommended", "DELTA-25", detail, difference);
  }
  return fail("recommended", "DELTA-29", "a delta where the canonical one does not fit the capacity");
}

/** The first byte of a length that should have been its only one. */
function longerForm({ deltaOffset, length }: Run, delta: Uint8Array): Difference {
  return { what: "delta", offset: deltaOffset, expected: length, got: delta[deltaOffset]! };
}

/** Judges a decoder's answer by the outcomes that conform; `about` is the requirement that the case is about. */
export function judgeDecode(
  request: DecodeRequest,
  accept: readonly DecodeOutcome[],
  about: string,
  answer: Answer,
): Judgement {
  if (answer.kind === "malformed") {
    if (accept.some(({ kind }) => kind === "malformed")) return PASS;
    // An empty first zrun stands in many deltas: that it is the cause is known only where the case has nothing else.
    const broken = about === "DELTA-9" ? about : "DELTA-8";
    return fail("required", broken, "refused, but the delta is well-formed");
  }
  if (answer.kind !== "page") throw new Error(`${answer.kind} does not answer a decode request`);
  const { page } = answer;
  const { oldPage } = request;
  const accepted = accept.find((outcome) => outcome.kind === "page");
  if (accepted === undefined) {
    const fault = faultOf(request);
    const why = fault ? `the delta is malformed: ${fault.message}` : "it has to be refused";
    return fail("required", fault?.requirement ?? about, `accepted, but ${why}`);
  }
  const difference = firstDifference("page", accepted.newPage, page);
  if (difference === undefined) return PASS;
  const sizes =
    page.length === oldPage.length ? "" : `: a page of ${bytesText(page.length)} for one of ${oldPage.length}`;
  const mistake = decoderMistake(oldPage, accepted.newPage, page);
  const broken = faultOf(request) ? about : ruleFor(request, difference.offset);
  return fail("required", broken, `another page${sizes}: ${inWords(difference)}${mistake}`, difference);
}

/** The rule that says which byte a decoder gives at an offset of the page. */
function ruleFor({ oldPage, delta }: DecodeRequest, pageOffset: number): string {
  if (delta.length === 0) return "DELTA-10";
  for (const run of deltaRuns(delta, oldPage.length)) {
    if (pageOffset < run.pageOffset + run.length) return run.kind === "zrun" ? "DELTA-5" : "DELTA-6";
  }
  return "DELTA-7";
}

/** The requirement that an encoder has broken by its adapter's own account, as the SDKs word it. */
export function encodeErrorBreaks(reason: string): string | undefined {
  if (/^wrote past the capacity\b/.test(reason)) return "DELTA-26";
  const [, size, capacity] = /\b(\d+)(?: bytes)?(?: for a capacity of|, the capacity is) (\d+)$/.exec(reason) ?? [];
  return Number(capacity) < Number(size) ? "DELTA-26" : undefined;
}

/** The requirement that a decoder breaks whose adapter answers `error`: a malformed delta has to be refused. */
export function decodeErrorBreaks(request: DecodeRequest): string | undefined {
  return faultOf(request)?.requirement;
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

function canonicalOf(accept: readonly EncodeOutcome[]): Uint8Array | undefined {
  for (const outcome of accept) {
    if (outcome.kind === "delta" && outcome.delta) return outcome.delta;
  }
  return undefined;
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
