/**
 * What the programs of the boot ROM and of the boot sector have in common, with the labels `a20`, `busy`, `gdt` and `gdtr`.
 */

import { address32, distance8, type Row } from "./assemble.ts";

/** Lets odd megabytes be addressed. */
export const LET_A20_THROUGH: readonly Row[] = [
  ["a20", ["e4 92"], "in al, 0x92              ; system control port A"],
  ["", ["0c 02"], "or al, 0x02              ; let address bit 20 through"],
  ["", ["e6 92"], "out 0x92, al"],
];

/** To protected mode, once `lgdt` has taken `gdtr`. */
export const ENTER_PROTECTED_MODE: readonly Row[] = [
  ["", ["0f 20 c0"], "mov eax, cr0"],
  ["", ["0c 01"], "or al, 0x01              ; protected mode"],
  ["", ["0f 22 c0"], "mov cr0, eax"],
];

/** Gives fs the limit of 4 GiB that stays, and returns to real mode. */
export const RETURN_IN_UNREAL_MODE: readonly Row[] = [
  ["", ["bb 08 00"], "mov bx, 0x0008           ; the descriptor after the null one"],
  ["", ["8e e3"], "mov fs, bx"],
  ["", ["24 fe"], "and al, 0xfe             ; real mode"],
  ["", ["0f 22 c0"], "mov cr0, eax"],
  ["", ["31 db"], "xor bx, bx"],
  ["", ["8e e3"], "mov fs, bx               ; base 0; the limit stays 4 GiB"],
];

/** Prints a dot on the serial port. */
export const PRINT_DOT: readonly Row[] = [
  ["", ["ba fd 03"], "mov dx, 0x3fd            ; COM1, line status"],
  ["busy", ["ec"], "in al, dx"],
  ["", ["a8 20"], "test al, 0x20            ; transmitter holding register empty"],
  ["", ["74", distance8("busy")], "jz busy"],
  ["", ["ba f8 03"], "mov dx, 0x3f8            ; COM1, transmitter holding register"],
  ["", ["b0 2e"], "mov al, '.'"],
  ["", ["ee"], "out dx, al"],
];

/** The global descriptor table, and what `lgdt` takes. */
export const DESCRIPTORS: readonly Row[] = [
  ["gdt", ["00 00 00 00 00 00 00 00"], "null"],
  ["", ["ff ff 00 00 00 92 cf 00"], "read and write, base 0, limit 0xfffff pages of 4 KiB"],
  ["gdtr", ["0f 00", address32("gdt")], "16 bytes at gdt, less 1"],
];
