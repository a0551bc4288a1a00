/**
 * Family `cache`: what deltas are made from. A delta from old bytes gives a wrong page only where a byte has come back to what it was
 * in them: so the guests here undo what they have done.
 */

import type { SendFamilyText } from "../../format.ts";
import { page } from "../pages.ts";
import { CACHE_SIZE, RAM_SIZE, ROUND, SendFamily, type Step, write } from "../send-family.ts";
import { PAGE_SIZE } from "../spell-stream.ts";

const [SECOND, THIRD] = [PAGE_SIZE, 2 * PAGE_SIZE];
const FILLED = write(0, page(RAM_SIZE));
/** What the third page holds of it. */
const CONTENT = page(RAM_SIZE).subarray(THIRD, THIRD + PAGE_SIZE);
/** The same with every other byte changed: more than a page as a delta, there and back. */
const COMB = CONTENT.map((byte, offset) => (offset % 2 === 0 ? byte : byte ^ 0x80));

/**
 * A round, and the guest goes on without a change: it writes the byte that is there. Who copies pages into the cache late has then copied
 * what was sent, and is not what shows.
 */
const NEXT: readonly Step[] = [ROUND, write(0, page(1))];

/** The third page is sent twice, and is in the cache. */
const CACHED: readonly Step[] = [FILLED, ROUND, write(THIRD + 5, [1]), ...NEXT];

/** The vectors of the family. */
export function cache(): SendFamilyText {
  const family = new SendFamily("cache");
  deltas(family);
  zeros(family);
  overflows(family);
  snapshots(family);
  sizes(family);
  recommended(family);
  return family.text();
}

function deltas(family: SendFamily): void {
  const ask = (name: string, why: string, ...steps: readonly Step[]) =>
    family.ask(name, { shows: ["SESSION-6", "SESSION-3"], why, steps: [...CACHED, ...steps] });
  ask(
    "back-after-delta",
    "A sender that fails leaves the cached page as it was when it has sent a delta.",
    ...[write(THIRD + 5, [2]), ...NEXT, write(THIRD + 5, [1]), write(THIRD + 9, [7]), ...NEXT],
  );
  ask(
    "back-after-two-deltas",
    "A sender that fails makes deltas from the page as it was two deltas ago.",
    ...[write(THIRD + 5, [2]), ...NEXT, write(THIRD + 5, [3]), ...NEXT],
    ...[write(THIRD + 5, [1]), write(THIRD + 9, [7]), ...NEXT, write(THIRD + 5, [2]), write(THIRD + 9, [8]), ...NEXT],
  );
  ask(
    "back-after-equal",
    "A sender that fails changes a cached page that it has found equal.",
    ...[
      write(THIRD + 5, [1]),
      ...NEXT,
      write(THIRD + 5, [2]),
      ...NEXT,
      write(THIRD + 5, [1]),
      write(THIRD + 6, [9]),
      ...NEXT,
    ],
  );
  ask(
    "exactly-back",
    "A sender that fails takes a page for equal that is what it was before its last delta.",
    ...[write(THIRD + 5, [2]), ...NEXT, write(THIRD + 5, [1]), ...NEXT, write(THIRD + 5, [2]), ...NEXT],
  );
  ask(
    "at-page-borders",
    "A sender that fails loses the first or the last byte of a page in a delta.",
    ...[
      write(THIRD, [0x5a]),
      write(THIRD + 4095, [0xa5]),
      ...NEXT,
      write(THIRD, [0x15]),
      write(THIRD + 4095, [0x51]),
      ...NEXT,
    ],
  );
  ask(
    "two-pages-alike",
    "A sender that fails makes a delta from the copy of another page.",
    ...[
      write(SECOND, CONTENT),
      write(SECOND + 100, [0x61, 0x62]),
      ...NEXT,
      write(SECOND + 5, [1]),
      write(SECOND + 100, CONTENT.subarray(100, 102)),
      ...NEXT,
    ],
    ...[write(SECOND + 5, [2]), write(THIRD + 5, [2]), ...NEXT],
  );
}

function zeros(family: SendFamily): void {
  const ramSize = 6 * PAGE_SIZE;
  const cached = [write(0, page(ramSize)), ...CACHED.slice(1)];
  const ask = (name: string, why: string, ...steps: readonly Step[]) =>
    family.ask(name, { shows: ["SESSION-7", "SESSION-6"], why, ramSize, steps: [...cached, ...steps] });
  const cleared = write(THIRD, [0], PAGE_SIZE);
  /** A page behind it, so that a round does not end in a zero record. */
  const behind = (byte: number) => write(ramSize - 9, [byte]);
  ask(
    "back-after-zero",
    "A sender that fails leaves the cached page as it was when it has sent a zero record.",
    ...[cleared, behind(1), ...NEXT, write(THIRD, CONTENT), write(THIRD + 5, [1]), write(THIRD + 9, [7]), ...NEXT],
  );
  ask(
    "back-after-zero-later",
    "A sender that fails leaves the cached page of a zero record as it was, which shows when the page comes back after rounds.",
    ...[
      cleared,
      behind(1),
      ...NEXT,
      write(0, [1]),
      ...NEXT,
      write(0, [2]),
      ...NEXT,
      write(THIRD, CONTENT),
      write(THIRD + 6, [1]),
      ...NEXT,
    ],
  );
  ask(
    "little-after-zero",
    "A sender that fails takes a page of few bytes that was zero for what it was before.",
    ...[cleared, ...NEXT, write(THIRD + 1, [0xdd]), ...NEXT, write(THIRD + 1, [0xde]), ...NEXT, cleared, ...NEXT],
  );
  ask(
    "zero-in-delta",
    "A sender that fails takes a page for zero when its first half has become zero.",
    ...[write(THIRD, [0], 2048), ...NEXT, write(THIRD + 2048, [0], 2047), ...NEXT, write(THIRD + 4095, [0]), ...NEXT],
  );
}

function overflows(family: SendFamily): void {
  const ask = (name: string, why: string, ...steps: readonly Step[]) =>
    family.ask(name, { shows: ["SESSION-8", "SESSION-6"], why, steps: [...CACHED, ...steps] });
  ask(
    "back-after-overflow",
    "A sender that fails leaves the cached page as it was when the encoder has reported overflow and the page was sent in full.",
    ...[write(THIRD, COMB), ...NEXT, write(THIRD, CONTENT), write(THIRD + 9, [7]), ...NEXT],
  );
  ask(
    "half-back-after-overflow",
    "A sender that fails has copied only part of a page into the cache after an overflow.",
    ...[write(THIRD, COMB), ...NEXT, write(THIRD + 3000, CONTENT.subarray(3000)), ...NEXT],
  );
  ask(
    "little-after-overflow",
    "A sender that fails never sends a delta again of a page that has overflowed, or a wrong one.",
    ...[write(THIRD, COMB), ...NEXT, write(THIRD + 1, [4]), ...NEXT, write(THIRD + 1, [5]), ...NEXT],
  );
  ask(
    "overflow-again",
    "A sender that fails mixes up what was sent in full, one overflow after the other.",
    ...[
      write(THIRD, COMB),
      ...NEXT,
      write(THIRD, CONTENT),
      ...NEXT,
      write(THIRD, COMB),
      ...NEXT,
      write(THIRD + 1, [4]),
      ...NEXT,
    ],
  );
}

function snapshots(family: SendFamily): void {
  const ask = (name: string, why: string, ...steps: readonly Step[]) =>
    family.ask(name, { shows: ["SESSION-5", "SESSION-6"], why, steps: [...CACHED.slice(0, -1), ...steps] });
  ask(
    "written-twice",
    "A sender that fails caches the page as it is when the guest has gone on, and not what it has written.",
    ...[write(THIRD + 9, [2]), write(THIRD + 13, [3]), ROUND],
  );
  ask(
    "written-and-undone",
    "A sender that fails compares the page with a cached one that has gone on with the guest.",
    ...[write(THIRD + 9, [2]), write(THIRD + 13, [3]), write(THIRD + 9, CONTENT.subarray(9, 10)), ROUND],
    ...[write(THIRD + 20, [1]), write(THIRD + 20, CONTENT.subarray(20, 21)), write(THIRD + 21, [2]), ROUND],
  );
}

function sizes(family: SendFamily): void {
  const touch = (byte: number, ...addresses: readonly number[]) => [
    ...addresses.map((address) => write(address + 11, [byte])),
    ...NEXT,
  ];
  const all = [0, SECOND, THIRD, THIRD + PAGE_SIZE];
  const ask = (name: string, why: string, cacheSize: number, ...steps: readonly Step[]) =>
    family.ask(name, { shows: ["SESSION-14", "SESSION-6"], why, cacheSize, steps: [FILLED, ROUND, ...steps] });
  const rounds = [1, 2, 1, 3].flatMap((byte) => touch(byte, ...all));
  ask(
    "one-page-of-two",
    "A sender that fails has copies of two pages in a cache of one.",
    PAGE_SIZE,
    ...[1, 2, 3, 4, 5].flatMap((byte) => touch(byte, 0, THIRD)).slice(0, -1),
  );
  ask(
    "one-page",
    "A sender that fails has copies of more pages than its cache of one page holds.",
    PAGE_SIZE,
    ...rounds,
  );
  ask(
    "two-pages",
    "A sender that fails has copies of more pages than its cache of two pages holds.",
    2 * PAGE_SIZE,
    ...rounds,
  );
  ask(
    "as-large-as-ram",
    "A sender that fails mixes up pages in a cache that is as large as the RAM.",
    RAM_SIZE,
    ...rounds,
  );
  ask("larger-than-ram", "A sender that fails has no cache of 64 MiB, the usual size.", 64 << 20, ...rounds);
  ask(
    "two-pages-compete",
    "A sender that fails makes a delta from what the cache holds at the place of a page, whichever page that is.",
    PAGE_SIZE,
    write(0, CONTENT),
    write(SECOND, CONTENT),
    write(SECOND + 50, [8]),
    write(50, [7]),
    ...[ROUND, ...touch(1, 0), ...touch(2, 0)],
    ...[write(SECOND + 50, [7]), ...touch(1, SECOND), write(SECOND + 50, [8]), ...touch(2, SECOND)],
    ...[...touch(3, 0, SECOND), ...touch(1, 0, SECOND)],
  );
}

function recommended(family: SendFamily): void {
  const longest = (bytes: readonly number[]) => write(THIRD, page(4091, bytes));
  family.ask("delta-of-a-page", {
    shows: ["SESSION-10", "SESSION-8"],
    why: "A sender that fails sends a delta that makes its record longer than that of the whole page.",
    cacheSize: CACHE_SIZE,
    steps: [...CACHED, longest([1, 2]), ROUND, longest([3, 4]), ROUND, write(THIRD + 4091, [9]), ROUND],
  });
  family.ask("unchanged", {
    shows: ["SESSION-9", "SESSION-3"],
    why: "A sender that fails sends a page that was written to and equals its cached page.",
    steps: [...CACHED, ...[2, 3, 3, 4].flatMap((byte) => [write(THIRD + 5, [byte]), ROUND])],
  });
  family.ask("name-once", {
    shows: ["RECORD-14", "SESSION-4"],
    why: "A sender that fails names the block again in a later item.",
    steps: [...CACHED, write(THIRD + 5, [2]), ROUND, write(0, [2]), ROUND, write(THIRD + 5, [3])],
  });
}
