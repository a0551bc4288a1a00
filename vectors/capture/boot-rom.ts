/**
 * A boot ROM of our own, assembled here, so that a stream of its guest holds nobody else's code: 64 KiB, the program at
 * its begin, the jump that the processor starts with near its end, and ff between.
 *
 * The program makes a table, and then for ever: adds 1 to every 1024th byte of an array, inverts two pages, prints a dot.
 */

import { address16, assemble, distance8, type Row } from "./assemble.ts";
import { DESCRIPTORS, ENTER_PROTECTED_MODE, LET_A20_THROUGH, PRINT_DOT, RETURN_IN_UNREAL_MODE } from "./boot-rows.ts";

const ROM_SIZE_BYTES = 64 * 1024;
/** Where the ROM lies in the first megabyte: segment f000. */
const ORIGIN = 0xf_0000;
/** Where the processor starts, in the ROM. */
const RESET_OFFSET = 0xfff0;

/** The counters: 128 pages from 1 MiB on. Those of a page change in every round, and nothing else of it. */
export const COUNTERS = { address: 0x10_0000, sizeBytes: 0x8_0000, strideBytes: 1024 } as const;
/** Pages that are written once, each four bytes with their own address: 16 pages. */
export const TABLE = { address: 0x18_0000, sizeBytes: 0x1_0000 } as const;
/** Pages of which every byte changes in every pass: the last of the table, and one that is all zero every other time. */
export const INVERTED = { address: 0x18_f000, sizeBytes: 0x2000 } as const;

const PROGRAM: readonly Row[] = [
  // The jump at the end of the ROM has come here: real mode, segment f000. No interrupt is ever let in, no stack needed.
  ["start", ["fa"], "cli"],
  ...LET_A20_THROUGH,
  ["", ["31 ed"], "xor bp, bp"],

  // Unreal mode: load fs from a descriptor of 4 GiB in protected mode, return to real mode, and the limit stays. Each
  // pass does it again, for the TLB is dropped with it: without that, QEMU's TCG does not see that a page that it has
  // sent is written again.
  ["pass", ["2e 66 0f 01 16", address16("gdtr")], "lgdt [cs:gdtr]"],
  ...ENTER_PROTECTED_MODE,
  ...RETURN_IN_UNREAL_MODE,

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

  // The dot, on the serial port.
  ...PRINT_DOT,
  ["", ["eb", distance8("pass")], "jmp pass"],

  ...DESCRIPTORS,
];

const RESET: readonly Row[] = [["", ["ea 00 00 00 f0"], "jmp 0xf000:start"]];

/** The 65,536 bytes of the ROM. */
export function assembleBootRom(): Uint8Array {
  const rom = new Uint8Array(ROM_SIZE_BYTES).fill(0xff);
  rom.set(assemble(PROGRAM, ORIGIN));
  rom.set(assemble(RESET, ORIGIN + RESET_OFFSET), RESET_OFFSET);
  return rom;
}
