/**
 * Where the firmware of a PC keeps what it works with below 1 MiB; its code and its fonts lie elsewhere.
 */

import { PAGE_SIZE, type Region } from "./guest.ts";

/** The interrupt vectors (0x000 to 0x3ff) and the BIOS data area (0x400 to 0x4ff): timer, keyboard buffer, cursor. */
export const VECTORS: Region = { name: "vectors and BIOS data area", address: 0, sizeBytes: PAGE_SIZE };

/** The stack of SeaBIOS, which grows down from 0x7000, and the page of a boot sector and its stack, at 0x7c00. */
export const STACKS: Region = { name: "stacks", address: 0x6000, sizeBytes: 2 * PAGE_SIZE };

/** The 4,000 bytes of the screen in text mode, a letter and its colour in turn; in graphics mode they read as ff. */
export const TEXT_SCREEN: Region = { name: "text screen", address: 0xb_8000, sizeBytes: PAGE_SIZE };
