/**
 * Why a stream cannot be divided into the rounds of the guest: which rule the sender breaks, at which record, and what to do.
 */

import { RAM_PAGE_BYTES } from "../protocol.ts";
import type { GuestPlay } from "./guest-play.ts";
import { inWords } from "./judgement.ts";
import type { Contents, Division } from "./send-rounds.ts";
import { applied, type Finding, recordText, type SentRecord } from "./sent-stream.ts";

/** The round at which a stream is stuck. */
type Stuck = Division & { readonly kind: "stuck" };

/** What the sender has done wrong there. */
export function findingAt(stuck: Stuck, records: readonly SentRecord[], contents: Contents, play: GuestPlay): Finding {
  return new Inquiry(stuck, records, contents, play).finding();
}

/** `round 3`, or `the last stage (round 5)`. */
export function roundText(round: number, play: GuestPlay): string {
  const isLast = round === play.rounds.length - 1;
  return isLast ? `the last stage (round ${round + 1})` : `round ${round + 1}`;
}

class Inquiry {
  readonly #round: number;
  readonly #start: number;
  readonly #records: readonly SentRecord[];
  readonly #contents: Contents;
  readonly #play: GuestPlay;

  constructor({ round, start }: Stuck, records: readonly SentRecord[], contents: Contents, play: GuestPlay) {
    this.#round = round;
    this.#start = start;
    this.#records = records;
    this.#contents = contents;
    this.#play = play;
  }

  finding(): Finding {
    const { given } = this.#contents;
    const at = this.#firstOdd();
    const record = this.#records[at];
    const missing = this.#missingBefore(at);
    if (record === undefined) return this.#lost(missing[0]!);
    const content = given[at]!;
    const isRight = content === this.#wanted(record.address);
    const neverCome = missing.filter((address) => !this.#comesLater(address, at));
    if (isRight) return neverCome.length === 0 ? this.#again(record, this.#round) : this.#lost(neverCome[0]!);
    const changesNothing = record.before !== undefined && Buffer.compare(record.before, record.after) === 0;
    // It has come in the round before already, and its turn in this round is still to come.
    const isAgain = changesNothing && 0 < this.#round && this.#comesLater(record.address, at);
    if (isAgain) return this.#again(record, this.#round - 1);
    if (missing.length !== 0 && this.#isOfLaterRound(record.address, content)) return this.#lost(missing[0]!);
    if (changesNothing) return this.#old(record, this.#round - 1);
    if (record.kind === "xbzrle") return this.#wrongDelta(record, at);
    const older = this.#contents.wanted.findLastIndex(
      (wanted, round) => round < this.#round && wanted.get(record.address) === content,
    );
    return older === -1 ? this.#wrongPage(record) : this.#old(record, older);
  }

  /** The first record that the round cannot have: its page was in it, or is not what the guest has. */
  #firstOdd(): number {
    const seen = new Set<number>();
    for (let at = this.#start; at < this.#records.length; at++) {
      const { address } = this.#records[at]!;
      if (seen.has(address) || this.#contents.given[at] !== this.#wanted(address)) return at;
      seen.add(address);
    }
    return this.#records.length;
  }

  #wanted(address: number): number {
    return this.#contents.wanted[this.#round]!.get(address)!;
  }

  /** The pages that are not what the guest has when so many records were received. */
  #missingBefore(recordCount: number): number[] {
    const held = new Map<number, number>();
    for (let at = 0; at < recordCount; at++) held.set(this.#records[at]!.address, this.#contents.given[at]!);
    return [...this.#contents.wanted[this.#round]!].flatMap(([address, content]) => {
      return held.get(address) === content ? [] : [address];
    });
  }

  /** Whether a record from here on gives the page what the guest has in this round. */
  #comesLater(address: number, from: number): boolean {
    const wanted = this.#wanted(address);
    return this.#records.some((record, at) => {
      return from < at && record.address === address && this.#contents.given[at] === wanted;
    });
  }

  #isOfLaterRound(address: number, content: number): boolean {
    return this.#contents.wanted.slice(this.#round + 1).some((wanted) => wanted.get(address) === content);
  }

  /** SESSION-1, SESSION-3, SESSION-4: a page has not come. */
  #lost(address: number): Finding {
    const where = `page ${address} is not sent in ${this.#roundText()}`;
    const held = this.#heldBefore(address);
    if (held === undefined) {
      return required(
        "SESSION-1",
        `${where}: no record of it has come yet. Write one of every page first, of zero pages too`,
      );
    }
    const isLast = this.#round === this.#play.rounds.length - 1;
    const difference = `in what the receiver has, ${this.#differenceFrom(address, held)}`;
    return isLast
      ? required("SESSION-4", `${where}: ${difference}. When the guest has stopped, send all pages that are dirty`)
      : required("SESSION-3", `${where}, and the guest has written to it: ${difference}. ${this.#whyLost(address)}`);
  }

  /** What a sender may have done that has left a page out. */
  #whyLost(address: number): string {
    const earlier = this.#fittingRecords(address).slice(0, -1);
    const last = this.#fittingRecords(address).at(-1)!;
    const guestPage = this.#guestPage(address);
    return earlier.some(({ after }) => Buffer.compare(after, guestPage) === 0)
      ? `It is again what it was before ${recordText(last)}: make the cached page new there, so that it is not taken for equal`
      : "Take the page as dirty before it is read, and leave it out only where it equals the cached page in every byte";
  }

  /** What the receiver has in a page when the records that fit are received; nothing where none came. */
  #heldBefore(address: number): Uint8Array | undefined {
    return this.#fittingRecords(address).at(-1)?.after;
  }

  #fittingRecords(address: number): readonly SentRecord[] {
    return this.#records.slice(0, this.#firstOdd()).filter((record) => record.address === address);
  }

  /** SESSION-2 */
  #again(record: SentRecord, round: number): Finding {
    const where = `${recordText(record)} is the second of that page in ${roundText(round, this.#play)}`;
    return required("SESSION-2", `${where}. Take a page out of the round when it is sent`);
  }

  /** SESSION-3: a page has come, and is what it was. */
  #old(record: SentRecord, round: number): Finding {
    const gives = `gives it as it was in ${roundText(Math.max(round, 0), this.#play)}`;
    const difference = this.#differenceFrom(record.address, record.after);
    return required("SESSION-3", `${this.#whereOf(record)} ${gives}: ${difference}. Read the page when it is sent`);
  }

  /** SESSION-4: a page has come, and the guest never had it. */
  #wrongPage(record: SentRecord): Finding {
    const difference = this.#differenceFrom(record.address, record.after);
    return required("SESSION-4", `${this.#whereOf(record)} gives other bytes than the guest has: ${difference}`);
  }

  /** SESSION-5 to SESSION-8: a delta gives another page, and why, where that can be told. */
  #wrongDelta(record: SentRecord, at: number): Finding {
    const where = `${this.#whereOf(record)} gives another page: ${this.#differenceFrom(record.address, record.after)}`;
    const gives = (oldPage: Uint8Array) => {
      const page = applied(oldPage, record.delta);
      return page !== undefined && Buffer.compare(page, this.#guestPage(record.address)) === 0;
    };
    const earlier = this.#records.slice(0, at).filter(({ address }) => address === record.address);
    const last = earlier.at(-1)!;
    const stale = earlier.slice(0, -1).findLast(({ after }) => gives(after));
    if (stale) {
      const what = `It is made from the bytes before ${recordText(last)}`;
      if (last.kind === "zero")
        return required("SESSION-7", `${where}. ${what}: make the cached page zero there, or drop it`);
      if (last.kind !== "xbzrle")
        return required("SESSION-8", `${where}. ${what}: make the cached page what that record says, or drop it`);
      return required("SESSION-6", `${where}. ${what}: make the cached page the new one when its delta is written`);
    }
    const other = this.#records
      .slice(0, at)
      .findLast(({ address, after }) => address !== record.address && gives(after));
    if (other) {
      const what = `It is made from the bytes of page ${other.address}`;
      return required("SESSION-6", `${where}. ${what}: look at the address of a cached page, not at its entry alone`);
    }
    if (this.#play.held.get(record.address)!.some(gives)) {
      const what = "It is made from bytes that the guest had in the page and that no record has given";
      return required("SESSION-5", `${where}. ${what}: cache the copy that was written, not a later one`);
    }
    const what = "It fits no bytes that the page has had";
    return required(
      "SESSION-6",
      `${where}. ${what}: make it from what the receiver has, and check the encoder (DELTA-23)`,
    );
  }

  #whereOf(record: SentRecord): string {
    return `in ${this.#roundText()} ${recordText(record)}`;
  }

  #roundText(): string {
    return roundText(this.#round, this.#play);
  }

  #guestPage(address: number): Uint8Array {
    return this.#play.rounds[this.#round]!.subarray(address, address + RAM_PAGE_BYTES);
  }

  /** The first byte of the page that is not the guest's, in words. */
  #differenceFrom(address: number, got: Uint8Array): string {
    const expected = this.#guestPage(address);
    const offset = expected.findIndex((byte, index) => byte !== got[index]);
    return inWords({ what: "page", offset, expected: expected[offset]!, got: got[offset]! });
  }
}

function required(requirement: string, detail: string): Finding {
  return { level: "required", requirement, detail };
}
