/**
 * A boot ROM of our own, assembled here, so that a stream of its guest holds nobody else's code: 64 KiB, the program at
 * its begin, the jump that the processor starts with near its end, and ff between.
 *
 * The program makes a table, and then for ever: adds 1 to every 1024th byte of an array, inverts two pages, prints a dot.
 */

import { address16, address32, assemble, distance8, type Row } from "./assemble.ts";

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
  ["", ["e4 92"], "in al, 0x92              ; system control port A"],
  ["", ["0c 02"], "or al, 0x02              ; let address bit 20 through"],
  ["", ["e6 92"], "out 0x92, al"],
  ["", ["31 ed"], "xor bp, bp"],

  // Unreal mode: load fs from a descriptor of 4 GiB in protected mode, return to real mode, and the limit stays. Each
  // pass does it again, for the TLB is dropped with it: without that, QEMU's TCG does not see that a page that it has
  // sent is written again.
  ["pass", ["2e 66 0f 01 16", address16("gdtr")], "lgdt [cs:gdtr]"],
  ["", ["0f 20 c0"], "mov eax, cr0"],
  ["", ["0c 01"], "or al, 0x01              ; protected mode"],
  ["", ["0f 22 c0"], "mov cr0, eax"],
  ["", ["bb 08 00"], "mov bx, 0x0008           ; the descriptor after the null one"],
  ["", ["8e e3"], "mov fs, bx"],
  ["", ["24 fe"], "and al, 0xfe             ; real mode"],
  ["", ["0f 22 c0"], "mov cr0, eax"],
  ["", ["31 db"], "xor bx, bx"],
  ["", ["8e e3"], "mov fs, bx               ; base 0; the limit stays 4 GiB"],

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
  ["", ["ba fd 03"], "mov dx, 0x3fd            ; COM1, line status"],
  ["busy", ["ec"], "in al, dx"],
  ["", ["a8 20"], "test al, 0x20            ; transmitter holding register empty"],
  ["", ["74", distance8("busy")], "jz busy"],
  ["", ["ba f8 03"], "mov dx, 0x3f8            ; COM1, transmitter holding register"],
  ["", ["b0 2e"], "mov al, '.'"],
  ["", ["ee"], "out dx, al"],
  ["", ["eb", distance8("pass")], "jmp pass"],

  // The global descriptor table.
  ["gdt", ["00 00 00 00 00 00 00 00"], "null"],
  ["", ["ff ff 00 00 00 92 cf 00"], "read and write, base 0, limit 0xfffff pages of 4 KiB"],
  ["gdtr", ["0f 00", address32("gdt")], "16 bytes at gdt, less 1"],
];

const RESET: readonly Row[] = [["", ["ea 00 00 00 f0"], "jmp 0xf000:start"]];

/** The 65,536 bytes of the ROM. */
export function assembleBootRom(): Uint8Array {
  const rom = new Uint8Array(ROM_SIZE_BYTES).fill(0xff);
  rom.set(assemble(PROGRAM, ORIGIN));
  rom.set(assemble(RESET, ORIGIN + RESET_OFFSET), RESET_OFFSET);
  return rom;
}
