/**
 * Requests, expectations and answers in lines that a person reads; what is long is cut around a difference.
 */

import { applyDelta, MalformedDeltaError } from "../../reference/index.ts";
import type { DecodeOutcome, EncodeOutcome } from "../../vectors/index.ts";
import type { Difference } from "../harness/case.ts";
import type { Answer, DecodeRequest, EncodeRequest } from "../protocol.ts";
import { deltaLines, pageRows, rowsAlone } from "./cut.ts";

/** An encode request: the rows in which the pages differ. */
export function encodeRequestText({ oldPage, newPage, capacity }: EncodeRequest, around?: Difference): string[] {
  const changed = newPage.reduce((count, byte, offset) => count + (byte === oldPage[offset] ? 0 : 1), 0);
  const sizes = `a page of ${bytesText(oldPage.length)}, ${changed} changed, and a capacity of ${bytesText(capacity)}`;
  return [`encode ${sizes}`, ...pageRows(["old", oldPage], ["new", newPage], around)];
}

/** A decode request: the delta byte by byte. */
export function decodeRequestText({ oldPage, delta }: DecodeRequest, around?: Difference): string[] {
  const sizes = `a delta of ${bytesText(delta.length)} for a page of ${bytesText(oldPage.length)}`;
  return [`decode ${sizes}`, ...deltaLines(delta, oldPage.length, around)];
}

/** The outcomes of an encoder that conform. */
export function encodeExpectedText(
  { oldPage }: EncodeRequest,
  accept: readonly EncodeOutcome[],
  around?: Difference,
): string[] {
  return accept.flatMap((outcome) => {
    if (outcome.kind !== "delta") return [`${outcome.kind} (${outcome.level})`];
    const { delta } = outcome;
    if (!delta) return [`any well-formed delta that fits and gives the new page (${outcome.level})`];
    const lines = deltaLines(delta, oldPage.length, around);
    return [`the canonical delta of ${bytesText(delta.length)} (${outcome.level})`, ...lines];
  });
}

/** The outcomes of a decoder that conform; of a malformed delta the fault, and where it lies. */
export function decodeExpectedText(
  request: DecodeRequest,
  accept: readonly DecodeOutcome[],
  around?: Difference,
): string[] {
  return accept.flatMap((outcome) => {
    if (outcome.kind === "malformed") {
      const fault = faultOf(request);
      return [`malformed${fault ? ` (${fault.fault} at delta byte ${fault.deltaOffset})` : ""}`];
    }
    const rows = pageRows(["old", request.oldPage], ["expected", outcome.newPage], around);
    return rows.length === 0 ? ["the old page, unchanged"] : ["a page", ...rows];
  });
}

/** An answer; a page is shown where it differs from the one expected, and alone where none is expected. */
export function answerText(
  answer: Answer,
  oldPage: Uint8Array,
  around?: Difference,
  expectedPage?: Uint8Array,
): string[] {
  switch (answer.kind) {
    case "delta":
      return [`a delta of ${bytesText(answer.delta.length)}`, ...deltaLines(answer.delta, oldPage.length, around)];
    case "page": {
      const { page } = answer;
      const size = `a page of ${bytesText(page.length)}`;
      if (expectedPage) return [size, ...pageRows(["expected", expectedPage], ["got", page], around)];
      const changedAt = page.findIndex((byte, offset) => byte !== oldPage[offset]);
      const isOld = changedAt === -1 && page.length === oldPage.length;
      return isOld ? [`${size}: the old page, unchanged`] : [size, ...rowsAlone(["got", page], Math.max(0, changedAt))];
    }
    case "malformed":
    case "unsupported":
    case "error":
      return [`${answer.kind} ${answer.reason}`.trimEnd()];
    default:
      return [answer.kind];
  }
}

/** Why the delta of a request has to be refused; nothing for a well-formed one. */
export function faultOf({ oldPage, delta }: DecodeRequest): MalformedDeltaError | undefined {
  try {
    applyDelta(oldPage, delta);
    return undefined;
  } catch (error) {
    if (error instanceof MalformedDeltaError) return error;
    throw error;
  }
}

/** A number of bytes in words. */
export function bytesText(count: number): string {
  return count === 1 ? "1 byte" : `${count} bytes`;
}
