/**
 * Which records of a stream belong to which round. A stream does not say where a round ends, and nothing binds it to the items
 * of the section; but after a round the receiver has what the guest had at its begin, as the guest writes between rounds alone.
 *
 * So rounds can be told apart: each record of a round gives its page what the guest has in it, no page comes twice, and behind the
 * last one the receiver's RAM is the guest's. A stream that cannot be divided so breaks a rule. Pages may come in any order,
 * and more pages than were written to: a page may be taken as dirty once too often.
 */

import { RAM_PAGE_BYTES } from "../protocol.ts";
import { pageAddresses } from "./guest-play.ts";
import type { SentRecord } from "./sent-stream.ts";

/** What the pages of receiver and guest hold, as numbers: two that are equal stand for equal bytes. */
export interface Contents {
  /** Of each record: what it gives its page. */
  readonly given: readonly number[];
  /** Of each round: what the guest has in each page, by its address. */
  readonly wanted: readonly ReadonlyMap<number, number>[];
}

/** How a stream is divided, or where that comes to an end. */
export type Division =
  | {
      readonly kind: "divided";
      /** How many records there are up to the end of each round. */
      readonly ends: readonly number[];
    }
  | {
      readonly kind: "stuck";
      /** The round that does not come out, counted from 0. */
      readonly round: number;
      /** How many records there are before it. */
      readonly start: number;
    };

/** The contents of the pages that records and guest have. */
export function contentsOf(records: readonly SentRecord[], rounds: readonly Uint8Array[]): Contents {
  const numbers = new Map<string, number>();
  const numberOf = (page: Uint8Array) => {
    const key = Buffer.from(page.buffer, page.byteOffset, page.byteLength).toString("latin1");
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
  const wanted = rounds.map((ram) => {
    const pageOf = (address: number) => numberOf(ram.subarray(address, address + RAM_PAGE_BYTES));
    return new Map(pageAddresses(ram.length).map((address) => [address, pageOf(address)]));
  });
  return { given: records.map(({ after }) => numberOf(after)), wanted };
}

/** Divides the records of a stream into rounds. */
export function divide(records: readonly SentRecord[], contents: Contents): Division {
  let starts: readonly number[] = [0];
  const cameFrom: Map<number, number>[] = [];
  for (const [round, wanted] of contents.wanted.entries()) {
    const isLast = round === contents.wanted.length - 1;
    const found = endsOf(records, contents.given, wanted, starts);
    if (isLast && found.has(records.length))
      return { kind: "divided", ends: wayTo(records.length, [...cameFrom, found]) };
    if (isLast || found.size === 0) return { kind: "stuck", round, start: starts.at(-1)! };
    cameFrom.push(found);
    starts = [...found.keys()];
  }
  throw new Error("the last stage is a round");
}

/** The places where a round can end that begins at one of the starts, in order; and for each the latest start that it can have. */
function endsOf(
  records: readonly SentRecord[],
  given: readonly number[],
  wanted: ReadonlyMap<number, number>,
  starts: readonly number[],
): Map<number, number> {
  const held = new Map<number, number>();
  const lastSent = new Map<number, number>();
  const ends = new Map<number, number>();
  let equalCount = 0;
  /** No round that holds what was found here begins before it. */
  let earliest = 0;
  for (let end = 0; end <= records.length; end++) {
    if (0 < end) {
      const { address } = records[end - 1]!;
      const content = given[end - 1]!;
      if (held.get(address) === wanted.get(address)) equalCount--;
      held.set(address, content);
      if (content === wanted.get(address)) equalCount++;
      else earliest = end;
      // SESSION-2
      earliest = Math.max(earliest, (lastSent.get(address) ?? -1) + 1);
      lastSent.set(address, end - 1);
    }
    // Where the receiver's RAM is the guest's: SESSION-1, SESSION-3, SESSION-4.
    if (equalCount !== wanted.size) continue;
    const start = starts.findLast((each) => each <= end);
    if (start !== undefined && earliest <= start) ends.set(end, start);
  }
  return ends;
}

/** The ends of all rounds on the way to the last one. */
function wayTo(last: number, cameFrom: readonly ReadonlyMap<number, number>[]): number[] {
  const ends = [last];
  for (const found of cameFrom.toReversed().slice(0, -1)) ends.unshift(found.get(ends[0]!)!);
  return ends;
}
