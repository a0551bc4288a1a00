/**
 * Judges the answers to receive requests by the RAM that they give, or by the refusal.
 */

import { type MalformedStreamError, STREAM_FAULTS } from "../../reference/index.ts";
import type { RamPage, ReceiveOutcome } from "../../vectors/index.ts";
import type { Difference, Judgement } from "../harness/case.ts";
import { type Answer, RAM_PAGE_BYTES, type ReceiveRequest } from "../protocol.ts";
import { fail, inWords, PASS } from "./judgement.ts";
import { streamFault } from "./stream-lines.ts";

const ZEROS = new Uint8Array(RAM_PAGE_BYTES);

/** Judges a receiver's answer by the outcomes that conform; `about` is the requirement of a sound stream that is not taken, by the difference if there is one. */
export function judgeReceive(
  request: ReceiveRequest,
  accept: readonly ReceiveOutcome[],
  about: (difference?: Difference) => string,
  answer: Answer,
): Judgement {
  if (answer.kind === "malformed") {
    return accept.some(({ kind }) => kind === "malformed")
      ? PASS
      : fail("required", about(), "refused, but the stream is sound");
  }
  if (answer.kind !== "ram") throw new Error(`${answer.kind} does not answer a receive request`);
  const accepted = accept.find((outcome) => outcome.kind === "ram");
  if (accepted === undefined) {
    const fault = streamFault(request);
    const why = fault ? `the stream is malformed: ${fault.message}` : "it has to be refused";
    return fail("required", brokenBy(accept, fault) ?? about(), `accepted, but ${why}`);
  }
  const beyond = answer.pages.find(({ address }) => request.ramSize < address + RAM_PAGE_BYTES);
  if (beyond)
    return fail("required", about(), `a page at offset ${beyond.address} of a RAM of ${request.ramSize} bytes`);
  const difference = firstDifference(accepted.pages, answer.pages);
  return difference ? fail("required", about(difference), `another RAM: ${inWords(difference)}`, difference) : PASS;
}

/** The requirement that a receiver breaks whose adapter answers `error`: a malformed stream has to be refused. */
export function receiveErrorBreaks(request: ReceiveRequest, accept: readonly ReceiveOutcome[]): string | undefined {
  return accept.some(({ kind }) => kind === "ram") ? undefined : brokenBy(accept, streamFault(request));
}

/** The requirement that has the stream refused: by the fault that the vector names, or by the one that the reference finds. */
function brokenBy(accept: readonly ReceiveOutcome[], found: MalformedStreamError | undefined): string | undefined {
  const named = accept.flatMap((outcome) => (outcome.kind === "malformed" && outcome.fault ? [outcome.fault] : []))[0];
  const requirements: Readonly<Record<string, string>> = STREAM_FAULTS;
  return requirements[named ?? ""] ?? found?.requirement;
}

/** The first byte of the RAM that is not as expected; pages that are not listed are all zero. */
function firstDifference(expected: readonly RamPage[], got: readonly RamPage[]): Difference | undefined {
  const addresses = [...new Set([...expected, ...got].map(({ address }) => address))].sort((one, other) => one - other);
  for (const address of addresses) {
    const [wanted, given] = [pageAt(expected, address), pageAt(got, address)];
    const at = wanted.findIndex((byte, offset) => byte !== given[offset]);
    if (at !== -1) return { what: "ram", offset: address + at, expected: wanted[at]!, got: given[at]! };
  }
  return undefined;
}

/** The page at an address. */
export function pageAt(pages: readonly RamPage[], wanted: number): Uint8Array {
  return pages.find(({ address }) => address === wanted)?.page ?? ZEROS;
}
