/** Family `rounds`: what is sent in which round, and what a stream is made of around it. */

import type { SendFamilyText } from "../../format.ts";
import { page } from "../pages.ts";
import { RAM_SIZE, ROUND, SendFamily, type Step, write } from "../send-family.ts";
import { PAGE_SIZE } from "../spell-stream.ts";

const [SECOND, THIRD, FOURTH] = [PAGE_SIZE, 2 * PAGE_SIZE, 3 * PAGE_SIZE];

/** Every page of the RAM has bytes of its own, none of them zero. */
const FILLED = write(0, page(RAM_SIZE));
const THREE_FILLED = write(0, page(FOURTH));

/** The vectors of the family. */
export function rounds(): SendFamilyText {
  const family = new SendFamily("rounds");
  firstRound(family);
  firstRecords(family);
  laterRounds(family);
  manyPages(family);
  lastStage(family);
  return family.text();
}

function firstRound(family: SendFamily): void {
  const ask = (name: string, why: string, steps: readonly Step[], ramSize = RAM_SIZE) =>
    family.ask(name, { shows: ["SESSION-1", "SESSION-4"], why, ramSize, steps });
  ask(
    "zero-pages",
    "A sender that fails leaves zero pages out of the first round, as the receiver's were zero anyway.",
    [write(0, page(PAGE_SIZE)), ROUND],
  );
  ask("zero-pages-between", "A sender that fails leaves out zero pages behind the first of them.", [
    write(0, page(PAGE_SIZE)),
    write(FOURTH, page(PAGE_SIZE)),
    ROUND,
  ]);
  ask("all-zero", "A sender that fails sends nothing of a RAM that is all zero.", [ROUND]);
  ask("no-round", "A sender that fails sends in the last stage only what was written to since a round before it.", [
    FILLED,
  ]);
  ask("no-round-all-zero", "A sender that fails sends nothing of a guest that has written nothing.", []);
  ask("one-page", "A sender that fails cannot send a RAM of one page.", [write(0, page(PAGE_SIZE)), ROUND], PAGE_SIZE);
  ask("one-page-all-zero", "A sender that fails cannot send a RAM of one page of zeros.", [ROUND], PAGE_SIZE);
  ask(
    "three-pages",
    "A sender that fails takes a RAM for a multiple of more pages than it has.",
    [THREE_FILLED, ROUND],
    FOURTH,
  );
  ask("one-byte-in-last-page", "A sender that fails does not send the last byte of the RAM.", [
    write(RAM_SIZE - 1, [1]),
    ROUND,
  ]);
  ask("first-byte-of-each-page", "A sender that fails takes a page for zero of which only the first byte is not.", [
    ...[0, SECOND, THIRD, FOURTH].map((address) => write(address, [9])),
    ROUND,
  ]);
  ask("last-byte-of-each-page", "A sender that fails takes a page for zero of which only the last byte is not.", [
    ...[SECOND, THIRD, FOURTH, RAM_SIZE].map((end) => write(end - 1, [9])),
    ROUND,
  ]);
}

function firstRecords(family: SendFamily): void {
  family.ask("zero-page-first", {
    shows: ["RECORD-13", "SESSION-1"],
    why: "A sender that fails sets CONTINUE on its first record, a zero record: no record has named the block.",
    steps: [write(SECOND, page(RAM_SIZE - PAGE_SIZE)), ROUND],
  });
  family.ask("page-of-one-byte", {
    shows: ["RECORD-17", "SESSION-4"],
    why: "A sender that fails writes a zero record with another fill for a page in which one byte is repeated.",
    steps: [FILLED, write(SECOND, [0x11], PAGE_SIZE), ROUND],
  });
  family.ask("zero-page-last", {
    shows: ["RECORD-30", "SESSION-1"],
    why: "A sender that fails leaves CONTINUE of a zero record in the end of section behind it.",
    steps: [THREE_FILLED, ROUND],
  });
  family.ask("few-bytes-first", {
    shows: ["RECORD-23", "SESSION-1"],
    why: "A sender that fails makes a delta from zeros of a page that it has never sent.",
    steps: [FILLED, write(THIRD, [0], PAGE_SIZE), write(THIRD + 20, [1, 2, 3]), ROUND],
  });
  family.ask("few-bytes-second", {
    shows: ["SESSION-11", "RECORD-23"],
    why: "A sender that fails has cached pages in the first round, most of which are sent once.",
    steps: [FILLED, ROUND, write(THIRD + 20, [1, 2, 3]), ROUND],
  });
}

function laterRounds(family: SendFamily): void {
  const ask = (name: string, why: string, ...steps: readonly Step[]) =>
    family.ask(name, { shows: ["SESSION-3", "SESSION-2", "SESSION-4"], why, steps: [FILLED, ROUND, ...steps] });
  ask("nothing-written", "A sender that fails cannot do rounds for which there is nothing.", ROUND, ROUND, ROUND);
  ask("one-page-again", "A sender that fails does not send a page again.", write(SECOND, [1]), ROUND);
  ask(
    "one-page-each-round",
    "A sender that fails sends a page in every other round, or not in each.",
    ...eachRound(SECOND),
  );
  ask(
    "neighbours",
    "A sender that fails loses the second of two pages that lie side by side and were written to.",
    write(SECOND, [1]),
    write(THIRD, [2]),
    ROUND,
  );
  ask(
    "over-a-border",
    "A sender that fails marks one page of a write that goes over a border.",
    write(THIRD - 2, [1, 2, 3, 4]),
    ROUND,
  );
  ask(
    "over-three-pages",
    "A sender that fails marks the first and the last page of a write.",
    write(10, page(THIRD, [1, 2])),
    ROUND,
  );
  ask(
    "at-borders",
    "A sender that fails does not mark the page of the first or of the last byte.",
    write(SECOND - 1, [1]),
    write(SECOND, [2]),
    ROUND,
    write(THIRD, [3]),
    write(RAM_SIZE - 1, [4]),
    ROUND,
  );
  ask(
    "twice-between-rounds",
    "A sender that fails sends a page twice that was written to twice.",
    write(SECOND, [1]),
    write(SECOND + 9, [2]),
    ROUND,
    write(SECOND, [3]),
    write(SECOND, [4]),
    ROUND,
  );
  ask(
    "alternating",
    "A sender that fails loses a page that it has sent in the round before the last.",
    ...[1, 2, 3].flatMap((byte) => [write(0, [byte]), ROUND, write(THIRD, [byte]), ROUND]),
  );
  ask(
    "swapped-bytes",
    "A sender that fails compares sums of bytes, and takes a page for equal in which two have changed places.",
    write(9, [5, 6]),
    ROUND,
    write(9, [6, 5]),
    ROUND,
    write(9, [5, 6]),
    ROUND,
  );
  ask(
    "to-zero-and-back",
    "A sender that fails does not send a page that has become zero, or that is zero no more.",
    write(SECOND, [0], PAGE_SIZE),
    ROUND,
    write(SECOND, page(PAGE_SIZE)),
    ROUND,
    write(SECOND, [0], PAGE_SIZE),
    ROUND,
    write(SECOND + 77, [1]),
    ROUND,
  );
}

/** The guest writes one byte at an address before each of five rounds. */
function eachRound(address: number): Step[] {
  return [1, 2, 3, 4, 5].flatMap((byte) => [write(address, [byte]), ROUND]);
}

function manyPages(family: SendFamily): void {
  const ramSize = 40 * PAGE_SIZE;
  const everyPage = (byte: number) =>
    Array.from({ length: 40 }, (_, index) => write(index * PAGE_SIZE + 3 * index, [byte]));
  family.ask("many-pages", {
    shows: ["SESSION-2", "SESSION-1"],
    why: "A sender that fails sends pages twice in a round in which it writes several parts.",
    ramSize,
    cacheSize: 64 * PAGE_SIZE,
    steps: [write(0, page(ramSize)), ROUND],
  });
  family.ask("many-pages-again", {
    shows: ["SESSION-2", "SESSION-3"],
    why: "A sender that fails sends pages twice in a later round, or loses some where many are dirty.",
    ramSize,
    cacheSize: 64 * PAGE_SIZE,
    steps: [write(0, page(ramSize)), ROUND, ...everyPage(1), ROUND, ...everyPage(2), ROUND, ...everyPage(3)],
  });
}

function lastStage(family: SendFamily): void {
  const ask = (name: string, why: string, ...steps: readonly Step[]) =>
    family.ask(name, { shows: ["SESSION-4", "SESSION-2"], why, steps: [FILLED, ROUND, ...steps] });
  ask("last-stage", "A sender that fails does not send what is written behind its last round.", write(THIRD, [1]));
  ask(
    "last-stage-all",
    "A sender that fails sends some of the pages that are dirty in the last stage.",
    write(0, page(RAM_SIZE, [1, 2, 3])),
  );
  ask(
    "last-stage-zero",
    "A sender that fails does not send a page that has become zero in the last stage.",
    write(THIRD, [0], PAGE_SIZE),
  );
  ask(
    "last-stage-delta",
    "A sender that fails makes its deltas of the last stage from other bytes than the receiver has.",
    ...[1, 2].flatMap((byte) => [write(THIRD, [byte, 9, byte]), ROUND]),
    write(THIRD, [1, 7]),
  );
  ask(
    "last-stage-not-cached",
    "A sender that fails loses a page in the last stage that is not in the cache.",
    ...[1, 2].flatMap((byte) => [write(THIRD, [byte]), ROUND]),
    write(0, [5]),
    write(THIRD, [5]),
  );
}
