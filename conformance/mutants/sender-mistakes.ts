/**
 * Senders that do something else than most: with one rule switched off, with a mistake of another kind, or with a habit that the
 * chapters allow. `sender.ts` and `sender-stream.ts` are the program.
 */

/** The mistake by the id of the requirement that it breaks, in the order of the chapters. */
export const SENDER_RULES_OFF: Readonly<Record<string, string>> = {
  "RECORD-13": "Leaves out the name in the record of a zero page.",
  "RECORD-14": "Names the block again in the first record of an item.",
  "RECORD-17": "Writes a page in which one byte is repeated as a zero record with that fill.",
  "RECORD-23": "Makes a delta from zeros of a page of few bytes that it has never sent.",
  "RECORD-30": "Leaves CONTINUE of a zero record in the end of section behind it.",
  "SESSION-1": "Sends the first zero page of the first round alone.",
  "SESSION-2": "Begins a part with the last record of the part before.",
  "SESSION-3": "Takes, with a page that is dirty, the page behind it as clean.",
  "SESSION-4": "Sends in the last stage the pages alone that are in the cache.",
  "SESSION-5": "Copies a page into the cache when the guest has gone on.",
  "SESSION-6": "Leaves the cached page as it was after a delta.",
  "SESSION-7": "Leaves the cached page as it was after a zero record.",
  "SESSION-8": "Leaves the cached page as it was after an overflow.",
  "SESSION-9": "Sends a page in full that equals its cached page.",
  "SESSION-10": "Gives the encoder room for a whole page.",
  "SESSION-11": "Caches pages in the bulk stage.",
  "SESSION-14": "Takes a page cache of 64 MiB, whatever it is told.",
};

/** A sender with a name of its own. */
export interface OddSender {
  readonly name: string;
  /** The requirement that it breaks, or that leaves open what it does. */
  readonly requirement: string;
  /** A sentence: what it does. */
  readonly what: string;
}

/** More mistakes: several ways to break one rule, and streams that no receiver takes. */
export const SENDER_MISTAKES: readonly OddSender[] = [
  odd("continue-always", "RECORD-13", "Sets CONTINUE on its first record, since the list has named the block."),
  odd("no-list", "RECORD-24", "Lists no block."),
  odd("list-too-long", "RECORD-27", "Lists one page more than the block has."),
  odd("another-machine", "STREAM-4", "Calls the machine pc."),
  odd("no-end-of-section", "RECORD-2", "Ends parts without an end of section."),
  odd("no-footer", "STREAM-16", "Ends parts without a footer."),
  odd("footer-counts", "STREAM-17", "Writes the number of the item in a footer."),
  odd("no-last", "STREAM-18", "Writes the last stage as a part."),
  odd("part-after-last", "STREAM-18", "Writes one more part behind the last."),
  odd("no-end", "STREAM-23", "Ends the stream behind the last."),
  odd("encoding-0", "RECORD-20", "Writes 00 for the encoding."),
  odd("empty-delta", "DELTA-22", "Writes a delta of no bytes of a page that equals its cached page."),
  odd("cut-delta", "DELTA-22", "Leaves out the last byte of a long delta."),
  odd(
    "no-first-round",
    "SESSION-1",
    "Takes the pages alone for dirty in the first round that the guest has written to.",
  ),
  odd("last-stage-twice", "SESSION-2", "Goes through the pages of the last stage twice."),
  odd("overflow-twice", "SESSION-2", "Sends a page that has overflowed before it looks at it, and then again."),
  odd("once-in-two-rounds", "SESSION-3", "Does not send a page in the round behind one in which it was sent."),
  odd("write-in-one-page", "SESSION-3", "Takes the first page alone as dirty that a write reaches."),
  odd("compares-begin", "SESSION-3", "Compares the first 64 bytes of a page with its cached page."),
  odd("compares-sums", "SESSION-3", "Compares the sums of the bytes of a page and of its cached page."),
  odd("no-last-stage", "SESSION-4", "Sends nothing in the last stage, if there was a round before it."),
  odd("zero-by-half", "SESSION-4", "Takes a page for zero of which the first half is."),
  odd(
    "entry-alone",
    "SESSION-6",
    "Takes what the cache holds in the entry of a page for its copy, whichever page it is of.",
  ),
  odd("cached-unsent", "SESSION-6", "Puts off a page that has changed much to the next round, and caches it."),
  odd("two-deltas-late", "SESSION-6", "Makes the cached page new after every other delta."),
  odd("half-zero", "SESSION-7", "Makes half of the cached page zero after a zero record."),
  odd("half-copied", "SESSION-8", "Copies half of a page into the cache after an overflow."),
  odd("two-pages-at-least", "SESSION-14", "Takes a page cache of two pages at least."),
];

/** What a conformant sender may do. */
export const SENDER_VARIANTS: readonly OddSender[] = [
  odd("reverse", "SESSION-2", "Sends the pages of a round in falling order."),
  odd("no-xbzrle", "SESSION-17", "Never uses its cache."),
  odd("all-dirty", "SESSION-9", "Takes every page as dirty in every round."),
  odd("drops-overflowed", "SESSION-8", "Drops a page from the cache that has overflowed."),
  odd("drops-zero", "SESSION-7", "Drops a page from the cache that has become zero."),
  odd("drops-after-delta", "SESSION-6", "Drops a page from the cache when a delta of it was sent."),
  odd("always-makes-room", "SESSION-14", "Lets every page into the cache, whatever was there."),
  odd("knows-zero", "RECORD-23", "Makes deltas of pages that are not in the cache, but were sent as zero."),
  odd("zero-in-full", "RECORD-15", "Sends zero pages in full."),
  odd("compressed", "COMP-8", "Compresses the pages of the first round, but for its first record."),
  odd("first-round-in-start", "RECORD-30", "Sends the first round in the start of the section."),
  odd("all-in-last", "RECORD-30", "Sends all rounds in the last of the section."),
  odd("part-a-record", "STREAM-15", "Writes a part for each record, and an empty one behind it."),
  odd("caches-last-stage", "SESSION-12", "Caches pages in the last stage: a SHOULD NOT that no stream shows."),
];

function odd(name: string, requirement: string, what: string): OddSender {
  return { name, requirement, what };
}

const SENDER_PREFIX = "sender/";

/** All senders that break a rule. */
export function senderMutants(): readonly OddSender[] {
  const off = Object.entries(SENDER_RULES_OFF).map(([requirement, what]) => odd(requirement, requirement, what));
  return [...off, ...SENDER_MISTAKES];
}

/** The id of such a sender, by which it can be started as an adapter: `sender/SESSION-1`, `sender/no-list`. */
export function senderId({ name }: OddSender): string {
  return `${SENDER_PREFIX}${name}`;
}

/** The name of the sender of an id; nothing for another text. */
export function senderOf(id: string): string | undefined {
  return [...senderMutants(), ...SENDER_VARIANTS].find((each) => senderId(each) === id)?.name;
}
