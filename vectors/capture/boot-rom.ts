/**
 * A boot ROM of our own, assembled here, so that a stream of its guest holds nobody else's code: 64 KiB, the program at
 * its begin, the jump that the processor starts with near its end, and ff between.
 *
 * The program does for ever: a pass of a load (`loads.ts`), and then it prints a dot.
 */

import { address16, assemble, distance8, type Row } from "./assemble.ts";
import { DESCRIPTORS, ENTER_PROTECTED_MODE, LET_A20_THROUGH, PRINT_DOT, RETURN_IN_UNREAL_MODE } from "./boot-rows.ts";

const ROM_SIZE_BYTES = 64 * 1024;
/** Where the ROM lies in the first megabyte: segment f000. */
const ORIGIN = 0xf_0000;
/** Where the processor starts, in the ROM. */
const RESET_OFFSET = 0xfff0;

const ENTRY: readonly Row[] = [
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
];

const EXIT: readonly Row[] = [
  // The dot, on the serial port.
  ...PRINT_DOT,
  ["", ["eb", distance8("pass")], "jmp pass"],

  ...DESCRIPTORS,
];

const RESET: readonly Row[] = [["", ["ea 00 00 00 f0"], "jmp 0xf000:start"]];

/** The 65,536 bytes of a ROM whose passes are those of a load. */
export function assembleBootRom(load: readonly Row[]): Uint8Array {
  const rom = new Uint8Array(ROM_SIZE_BYTES).fill(0xff);
  rom.set(assemble([...ENTRY, ...load, ...EXIT], ORIGIN));
  rom.set(assemble(RESET, ORIGIN + RESET_OFFSET), RESET_OFFSET);
  return rom;
}
