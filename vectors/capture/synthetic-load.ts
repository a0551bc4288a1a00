/**
 * The guest that runs the synthetic load: a boot sector, no operating system.
 */

import { ARRAY_ADDRESS, ARRAY_SIZE_BYTES, assembleBootSector } from "./boot-sector.ts";
import { FOLDER, type Guest } from "./guest.ts";
import { STACKS, TEXT_SCREEN, VECTORS } from "./pc-regions.ts";

const MEBIBYTE = 1024 * 1024;

/** The array of the load in guest physical memory. */
const ARRAY_REGION = { name: "array", address: ARRAY_ADDRESS, sizeBytes: ARRAY_SIZE_BYTES };

/**
 * The passes to stop after, or soon after: neighbours, which also show the pass that the stop interrupted, long
 * strides, and steps over the counters' 7f to 80 (128) and ff to 00 (256), three times.
 */
const DOT_COUNTS = [
  1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 63, 66, 95, 100, 120, 127, 128, 129, 130, 159, 161, 191, 224, 240, 250, 254, 255,
  256, 257, 258, 270, 300, 340, 383, 384, 385, 400, 450, 500, 511, 512, 513, 514, 530, 600, 639, 640, 641, 700, 767,
  768, 769, 800, 896, 1023, 1024, 1025,
];

/** The guest; each call assembles its sector. */
export function syntheticLoad(): Guest {
  return {
    name: "synthetic-load",
    description:
      "The synthetic load of the XBZRLE proposal as a boot sector: for ever, it adds 1 to the byte at i * 1024 of an " +
      "array of 16 MiB at physical address 0x1000000, for i = 0 to 16383, then prints a dot on the serial port and, " +
      "through the BIOS, on the screen. The pages outside the array are the interrupt vectors and the BIOS data " +
      "area, the stack with the boot sector, and the text screen.",
    memoryBytes: 64 * MEBIBYTE,
    options: [
      "-drive",
      `file=${FOLDER}/boot-sector.img,format=raw,if=floppy,readonly=on`,
      "-boot",
      "order=a",
      "-nic",
      "none",
      // 128 ns an instruction, held to the host's clock: a pass takes 6 ms instead of 0.3 ms, so that a stop can be
      // aimed at a pass, and the host is left mostly idle.
      "-icount",
      "shift=7,align=on",
    ],
    files: { "boot-sector.img": assembleBootSector() },
    regions: [VECTORS, STACKS, TEXT_SCREEN, ARRAY_REGION],
    moments: DOT_COUNTS.map((dotCount) => ({ name: `dot ${dotCount}`, untilDotCount: dotCount })),
    lifetimeMs: 120_000,
  };
}
