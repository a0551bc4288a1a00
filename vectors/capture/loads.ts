/**
 * What the boot ROM does in each pass: loads that are good and bad for deltas, one row an instruction. Of the registers a
 * pass keeps bp, which is 0 at first, and esi.
 *
 * A pass that takes long drops a page from the TLB before each write to it. QEMU 7.2's TCG does not see writes through an
 * entry of the TLB that is older than the last look at the dirty pages, so that its own destination would not have them.
 */

import { distance8, type Row } from "./assemble.ts";

/** The counters: 128 pages from 1 MiB on. Those of a page change in every round, and nothing else of it. */
export const COUNTERS = { address: 0x10_0000, sizeBytes: 0x8_0000, strideBytes: 1024 } as const;
/** Pages that are written once, each four bytes with their own address: 16 pages. */
export const TABLE = { address: 0x18_0000, sizeBytes: 0x1_0000 } as const;
/** Pages of which every byte changes in every pass: the last of the table, and one that is all zero every other time. */
export const INVERTED = { address: 0x18_f000, sizeBytes: 0x2000 } as const;

/** Makes the table first, and then adds 1 to the counters and inverts two pages: short deltas, and one record in full. */
export const COUNTING: readonly Row[] = [
  ["", ["f7 c5 01 00"], "test bp, 1               ; set once the table is made"],
  ["", ["75", distance8("count")], "jnz count"],

  // The table.
  ["", ["66 bf 00 00 18 00"], "mov edi, 0x00180000      ; TABLE.address"],
  ["", ["b9 00 40"], "mov cx, 16384            ; TABLE.sizeBytes / 4"],
  ["entry", ["64 67 66 89 3f"], "mov [fs:edi], edi"],
  ["", ["66 83 c7 04"], "add edi, 4"],
  ["", ["e2", distance8("entry")], "loop entry"],
  ["", ["bd 01 00"], "mov bp, 1"],

  // A pass.
  ["count", ["66 bf 00 00 10 00"], "mov edi, 0x00100000      ; COUNTERS.address"],
  ["", ["b9 00 02"], "mov cx, 512              ; COUNTERS.sizeBytes / COUNTERS.strideBytes"],
  ["counter", ["64 67 fe 07"], "inc byte [fs:edi]"],
  ["", ["66 81 c7 00 04 00 00"], "add edi, 1024            ; COUNTERS.strideBytes"],
  ["", ["e2", distance8("counter")], "loop counter"],
  ["", ["66 bf 00 f0 18 00"], "mov edi, 0x0018f000      ; INVERTED.address"],
  ["", ["b9 00 08"], "mov cx, 2048             ; INVERTED.sizeBytes / 4"],
  ["invert", ["64 67 66 f7 17"], "not dword [fs:edi]"],
  ["", ["66 83 c7 04"], "add edi, 4"],
  ["", ["e2", distance8("invert")], "loop invert"],
];

/** Writes 2048 times four bytes where chance has it in 1 MiB from 1 MiB on: deltas of all lengths. */
export const SCATTERING: readonly Row[] = [
  ["", ["b9 00 08"], "mov cx, 2048"],
  ["scatter", ["66 69 f6 0d 66 19 00"], "imul esi, esi, 1664525"],
  ["", ["66 81 c6 5f f3 6e 3c"], "add esi, 1013904223       ; the next number of a linear congruence"],
  ["", ["66 89 f7"], "mov edi, esi"],
  ["", ["66 c1 ef 0c"], "shr edi, 12              ; less than 1 MiB"],
  ["", ["66 81 c7 00 00 10 00"], "add edi, 0x00100000"],
  ["", ["64 67 0f 01 3f"], "invlpg [fs:edi]"],
  ["", ["64 67 66 89 37"], "mov [fs:edi], esi"],
  ["", ["e2", distance8("scatter")], "loop scatter"],
];

/** Fills 16 pages with one number, and with zeros the next time: a page that is all zero has no bytes, and then a delta of many. */
export const COMING_AND_GOING: readonly Row[] = [
  ["", ["83 f5 01"], "xor bp, 1"],
  ["", ["66 0f b7 c5"], "movzx eax, bp"],
  ["", ["66 69 c0 b1 79 37 9e"], "imul eax, eax, 0x9e3779b1 ; that or 0"],
  ["", ["66 bf 00 00 10 00"], "mov edi, 0x00100000"],
  ["", ["b9 00 40"], "mov cx, 16384"],
  ["come", ["64 67 0f 01 3f"], "invlpg [fs:edi]"],
  ["", ["64 67 66 89 07"], "mov [fs:edi], eax"],
  ["", ["66 83 c7 04"], "add edi, 4"],
  ["", ["e2", distance8("come")], "loop come"],
];

/** Fills 16 pages with new numbers: no delta is shorter than the page. */
export const NOISE: readonly Row[] = [
  ["", ["66 bf 00 00 10 00"], "mov edi, 0x00100000"],
  ["", ["b9 00 40"], "mov cx, 16384"],
  ["noise", ["66 69 f6 0d 66 19 00"], "imul esi, esi, 1664525"],
  ["", ["66 81 c6 5f f3 6e 3c"], "add esi, 1013904223"],
  ["", ["64 67 0f 01 3f"], "invlpg [fs:edi]"],
  ["", ["64 67 66 89 37"], "mov [fs:edi], esi"],
  ["", ["66 83 c7 04"], "add edi, 4"],
  ["", ["e2", distance8("noise")], "loop noise"],
];

/** The synthetic load: adds 1 to the byte at i * 1024 of the array, for i = 0 to 16383. */
export const SYNTHETIC: readonly Row[] = [
  ["", ["66 bf 00 00 00 01"], "mov edi, 0x01000000      ; ARRAY_ADDRESS"],
  ["", ["b9 00 40"], "mov cx, 16384            ; ARRAY_SIZE_BYTES / COUNTER_STRIDE_BYTES"],
  ["step", ["64 67 0f 01 3f"], "invlpg [fs:edi]"],
  ["", ["64 67 fe 07"], "inc byte [fs:edi]"],
  ["", ["66 81 c7 00 04 00 00"], "add edi, 1024            ; COUNTER_STRIDE_BYTES"],
  ["", ["e2", distance8("step")], "loop step"],
];

/** Does nothing. */
export const IDLE: readonly Row[] = [];

/** The memory that `filling` fills begins here. */
export const FILLED_ADDRESS = 0x20_0000;

/** Fills the memory up to an address with numbers, and then adds 1 to every 1024th byte of the first `countedBytes` of that. */
export function filling(endAddress: number, countedBytes: number): readonly Row[] {
  return [
    ["", ["83 fd 00"], "cmp bp, 0"],
    ["", ["75", distance8("again")], "jne again"],
    ["", ["66 bf", doubleWord(FILLED_ADDRESS)], "mov edi, FILLED_ADDRESS"],
    ["", ["66 b9", doubleWord((endAddress - FILLED_ADDRESS) / 4)], "mov ecx, how many numbers"],
    ["fill", ["66 81 c6 b1 79 37 9e"], "add esi, 0x9e3779b1"],
    ["", ["64 67 66 89 37"], "mov [fs:edi], esi"],
    ["", ["66 83 c7 04"], "add edi, 4"],
    ["", ["66 49"], "dec ecx"],
    ["", ["75", distance8("fill")], "jnz fill"],
    ["", ["bd 01 00"], "mov bp, 1"],
    ["again", ["66 bf", doubleWord(FILLED_ADDRESS)], "mov edi, FILLED_ADDRESS"],
    ["", ["66 b9", doubleWord(countedBytes / 1024)], "mov ecx, how many counters"],
    ["counting", ["64 67 fe 07"], "inc byte [fs:edi]"],
    ["", ["66 81 c7 00 04 00 00"], "add edi, 1024"],
    ["", ["66 49"], "dec ecx"],
    ["", ["75", distance8("counting")], "jnz counting"],
  ];
}

/** The bytes of an immediate value. */
function doubleWord(value: number): string {
  return [0, 8, 16, 24].map((bits) => ((value >>> bits) & 0xff).toString(16).padStart(2, "0")).join(" ");
}
