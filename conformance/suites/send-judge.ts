/**
 * Judges the streams of senders: a receiver has to take them, they have to come out as the rounds of the guest, and deltas have to be
 * made of what a page cache of the size can hold (docs/xbzrle/session.md).
 */

import type { MalformedStreamError } from "../../reference/index.ts";
import type { Judgement } from "../harness/case.ts";
import { type Answer, RAM_PAGE_BYTES, type SendRequest } from "../protocol.ts";
import { type GuestPlay, playGuest } from "./guest-play.ts";
import { fail, PASS } from "./judgement.ts";
import { findingAt, roundText } from "./send-findings.ts";
import { contentsOf, divide } from "./send-rounds.ts";
import { type Finding, readSent, recordText, type SentRecord } from "./sent-stream.ts";
import { GUEST, streamFault } from "./stream-lines.ts";

/** The bytes of an XBZRLE record before its delta, word and name left out. */
const XBZRLE_HEAD_BYTES = 3;

/** Judges a sender's answer. */
export function judgeSend(request: SendRequest, answer: Answer): Judgement {
  if (answer.kind !== "stream") throw new Error(`${answer.kind} does not answer a send request`);
  const finding = findingOf(request, answer.stream);
  return finding ? fail(finding.level, finding.requirement, finding.detail) : PASS;
}

/** The first MUST that the stream breaks; the first SHOULD if there is none. */
function findingOf(request: SendRequest, stream: Uint8Array): Finding | undefined {
  const { ramSize } = request;
  const fault = streamFault({ operation: "receive", ramSize, stream });
  if (fault) return malformed(fault);
  const { records, findings } = readSent(stream, request);
  if (findings.length !== 0) return findings[0];
  const play = playGuest(request);
  const contents = contentsOf(records, play.rounds);
  const division = divide(records, contents);
  if (division.kind === "stuck") return findingAt(division, records, contents, play);
  const rounds = division.ends.map((end, round) => records.slice(division.ends[round - 1] ?? 0, end));
  return equalDelta(rounds, play) ?? beyondCache(rounds, request, play) ?? notRecommended(rounds, request, play);
}

/** A stream that no receiver takes. The requirement is the sender's where a chapter has one for senders. */
function malformed(fault: MalformedStreamError): Finding {
  const isListed = fault.fault !== "block-unknown" || fault.place.block !== GUEST.block;
  const requirement = isListed ? (SENDER_FAULTS[fault.fault] ?? fault.requirement) : "RECORD-24";
  const advice = ADVICE[requirement] ?? "";
  return { level: "required", requirement, detail: `the stream is malformed: ${fault.message}${advice}` };
}

/** What binds senders, by the fault that a receiver finds. */
const SENDER_FAULTS: Readonly<Record<string, string>> = {
  "block-missing": "RECORD-13",
  "compressed-empty": "COMP-8",
  "compressed-damaged": "COMP-8",
  "page-exceeded": "COMP-8",
  "delta-malformed": "DELTA-22",
  "xbzrle-in-postcopy": "SESSION-13",
};

/** What to do, by requirement; as the end of a sentence. */
const ADVICE: Readonly<Record<string, string>> = {
  "RECORD-13":
    "; the list of blocks and pages that are looked at and not written name no block: name it in the first record",
  "COMP-8": "; compress the whole page and nothing else",
  "RECORD-24": "; list the block ram before the first page",
  "RECORD-29": "; end every payload with an end of section",
  "RECORD-2": "; a payload ends with an end of section, and a word has one flag beside CONTINUE",
};

/** DELTA-20: a delta of two equal pages. */
function equalDelta(rounds: readonly (readonly SentRecord[])[], play: GuestPlay): Finding | undefined {
  for (const [round, records] of rounds.entries()) {
    const found = records.find((record) => record.kind === "xbzrle" && changesNothing(record));
    if (found === undefined) continue;
    const where = `in ${roundText(round, play)} ${recordText(found)}`;
    const detail = `${where} changes no byte: write no record of a page that equals what the receiver has`;
    return { level: "required", requirement: "DELTA-20", detail };
  }
  return undefined;
}

/** SESSION-14: more deltas in a round than the cache has pages. All of them were in it when the guest had written. */
function beyondCache(
  rounds: readonly (readonly SentRecord[])[],
  { cacheSize }: SendRequest,
  play: GuestPlay,
): Finding | undefined {
  const most = cacheSize / RAM_PAGE_BYTES;
  for (const [round, records] of rounds.entries()) {
    const fromCopies = records.filter(isFromCopy);
    if (fromCopies.length <= most) continue;
    const found = `${fromCopies.length} pages are sent as deltas in ${roundText(round, play)}, and a page cache of ${cacheSize} bytes holds ${most}`;
    return {
      level: "required",
      requirement: "SESSION-14",
      detail: `${found}; the first too many is ${recordText(fromCopies[most]!)}. Use the size that is told, or answer unsupported`,
    };
  }
  return undefined;
}

/** Whether the sender needs a copy of the page for this record. That a page is zero can be known without one. */
function isFromCopy({ kind, before }: SentRecord): boolean {
  return kind === "xbzrle" && before !== undefined && before.some(Boolean);
}

function changesNothing({ before, after }: SentRecord): boolean {
  return before !== undefined && Buffer.compare(before, after) === 0;
}

function notRecommended(
  rounds: readonly (readonly SentRecord[])[],
  { ramSize, cacheSize }: SendRequest,
  play: GuestPlay,
): Finding | undefined {
  const isRoomy = ramSize <= cacheSize;
  const lastSent = new Map<number, Sent>();
  for (const [round, records] of rounds.entries()) {
    for (const record of records) {
      const earlier = lastSent.get(record.address);
      const isNext = earlier?.round === round - 1;
      const deltaCount = record.kind === "xbzrle" ? (isNext ? earlier.deltaCount : 0) + 1 : 0;
      lastSent.set(record.address, { round, deltaCount });
      const where = `in ${roundText(round, play)} ${recordText(record)}`;
      const isKept = isRoomy && isNext && DELTAS_OF_A_KEPT_PAGE <= earlier.deltaCount;
      const found =
        againstSize(record, where) ??
        (isKept ? againstEqual(record, where) : undefined) ??
        (earlier?.round === 0 && isFromCopy(record) ? bulkCached(where) : undefined) ??
        (record.isNamedAgain ? namedAgain(where) : undefined);
      if (found) return found;
    }
  }
  return undefined;
}

/** When a page was sent last, and how many deltas of it then came one round after the other. */
interface Sent {
  readonly round: number;
  readonly deltaCount: number;
}

/** A sender that drops a page after its delta does not write the next one. */
const DELTAS_OF_A_KEPT_PAGE = 2;

/** SESSION-10 */
function againstSize({ delta }: SentRecord, where: string): Finding | undefined {
  const byteCount = XBZRLE_HEAD_BYTES + delta.length;
  if (byteCount <= RAM_PAGE_BYTES) return undefined;
  const found = `has ${byteCount} bytes, and a page record ${RAM_PAGE_BYTES}`;
  return recommended(
    "SESSION-10",
    `${where} ${found}: give the encoder a capacity of ${RAM_PAGE_BYTES - XBZRLE_HEAD_BYTES}`,
  );
}

/**
 * SESSION-9: a page that was a delta in the two rounds before is in a cache that has room for all. Zero pages are sent without a look at
 * it.
 */
function againstEqual(record: SentRecord, where: string): Finding | undefined {
  if (record.kind === "zero" || !changesNothing(record)) return undefined;
  return recommended(
    "SESSION-9",
    `${where} gives the bytes that the receiver has: write none where the page equals the cached one`,
  );
}

/** SESSION-11 */
function bulkCached(where: string): Finding {
  const found = "is a delta of a page that was sent once, in the first round, and so was cached in it";
  return recommended("SESSION-11", `${where} ${found}: cache a page the second time that it is sent`);
}

/** RECORD-14 */
function namedAgain(where: string): Finding {
  return recommended("RECORD-14", `${where} names the block again: set CONTINUE, and leave the name out`);
}

function recommended(requirement: string, detail: string): Finding {
  return { level: "recommended", requirement, detail };
}
