/**
 * The boot sector of the synthetic load, assembled here: 512 bytes, one row an instruction.
 *
 * It does what the C program of the XBZRLE proposal does (qemu-devel, August 2011): for ever, add 1 to the byte at
 * `i * 1024` of an array of 16 MiB for i = 0 to 16383, then print a dot. The BIOS's data and stacks stay below 1 MiB,
 * so nothing else is written inside the array.
 */

import { address16, assemble, distance8, type Row } from "./assemble.ts";
import { DESCRIPTORS, ENTER_PROTECTED_MODE, LET_A20_THROUGH, PRINT_DOT, RETURN_IN_UNREAL_MODE } from "./boot-rows.ts";

/** Where the array begins: 16 MiB, the first address above the ISA memory hole. A multiple of 64 KiB. */
export const ARRAY_ADDRESS = 0x0100_0000;
/** The bytes of the array: `calloc(4096, 4096)`. */
export const ARRAY_SIZE_BYTES = 4096 * 4096;
/** The bytes from one counter to the next. */
export const COUNTER_STRIDE_BYTES = 1024;

const SECTOR_SIZE_BYTES = 512;
/** Where the BIOS puts the sector. */
const ORIGIN = 0x7c00;

const PROGRAM: readonly Row[] = [
  // The BIOS jumps here in real mode, at 0000:7c00 or 07c0:0000.
  ["start", ["fa"], "cli"],
  ["", ["31 c0"], "xor ax, ax"],
  ["", ["8e d8"], "mov ds, ax"],
  ["", ["8e d0"], "mov ss, ax"],
  ["", ["bc 00 7c"], "mov sp, 0x7c00           ; the stack grows down from the sector"],
  ["", ["ea", address16("a20"), "00 00"], "jmp 0x0000:a20"],
  ...LET_A20_THROUGH,

  // A pass. The BIOS may have put the limit of fs back when it printed, so each pass enters unreal mode again:
  // load fs from a descriptor of 4 GiB in protected mode, return to real mode, and the limit stays.
  ["pass", ["fa"], "cli                      ; no interrupt between here and sti"],
  ["", ["66 0f 01 16", address16("gdtr")], "lgdt [gdtr]"],
  ...ENTER_PROTECTED_MODE,
  ["", ["eb 00"], "jmp $ + 2                ; drop what was fetched in real mode"],
  ...RETURN_IN_UNREAL_MODE,
  ["", ["66 bf 00 00 00 01"], "mov edi, 0x01000000      ; ARRAY_ADDRESS"],
  ["", ["b9 00 40"], "mov cx, 16384            ; ARRAY_SIZE_BYTES / COUNTER_STRIDE_BYTES"],
  ["counter", ["64 67 fe 07"], "inc byte [fs:edi]"],
  ["", ["66 81 c7 00 04 00 00"], "add edi, 1024            ; COUNTER_STRIDE_BYTES"],
  ["", ["e2", distance8("counter")], "loop counter"],

  // The dot: on the serial port, where the capture counts it, and on the screen, through the BIOS, as a guest would.
  // The timer's interrupts come in here, with the BIOS's stack and the BIOS data area.
  ["", ["fb"], "sti"],
  ...PRINT_DOT,
  ["", ["b4 0e"], "mov ah, 0x0e             ; teletype output of al"],
  ["", ["31 db"], "xor bx, bx               ; on display page 0"],
  ["", ["cd 10"], "int 0x10"],
  ["", ["eb", distance8("pass")], "jmp pass"],

  ...DESCRIPTORS,
];

/** The 512 bytes of the sector; they end with the signature that the BIOS looks for. */
export function assembleBootSector(): Uint8Array {
  const sector = new Uint8Array(SECTOR_SIZE_BYTES);
  sector.set(assemble(PROGRAM, ORIGIN));
  sector.set([0x55, 0xaa], SECTOR_SIZE_BYTES - 2);
  return sector;
}
