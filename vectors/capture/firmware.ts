/**
 * The guest that boots firmware and nothing else: SeaBIOS, its VGA BIOS and its boot menu.
 */

import { FOLDER, type Guest, type Moment, PAGE_SIZE, type Region } from "./guest.ts";
import { STACKS, TEXT_SCREEN, VECTORS } from "./pc-regions.ts";
import { drawPicture } from "./picture.ts";

const MEBIBYTE = 1024 * 1024;

/**
 * Where SeaBIOS 1.16 keeps its heaps in a guest of 64 MiB: one for the self-test, with the stacks of its threads and the
 * file of the picture, which ends where its relocated code begins; and one for the USB controller's lists, which ends
 * where QEMU's ACPI tables begin.
 */
const HEAP: Region = { name: "heap", address: 0x02f8_0000, sizeBytes: 0x6_a000 };
const USB_LISTS: Region = { name: "USB lists", address: 0x03fd_e000, sizeBytes: 2 * PAGE_SIZE };

/**
 * Where SeaBIOS maps the video RAM of the standard VGA of machine `pc`, less the 32 KiB that the letters' shapes lie in;
 * before that the address reads as zeros. The picture has 192,000 bytes from 0xfd000000 on.
 */
const VIDEO_RAM: Region = { name: "video RAM", address: 0xfd00_8000, sizeBytes: 0x2_8000 };

/** What happens, how many moments are taken of it, and how long the guest runs to each, in milliseconds. */
type Stage = readonly [name: string, momentCount: number, runMs: number, keys?: readonly string[]];

/** Keys that the boot menu does not heed; they come and go in the BIOS data area. */
const KEYS = ["a", "shift", "b", "ctrl", "f1", "up", "caps_lock", "ret", "tab", "z", "alt", "home", "spc", "x", "end"];

const STAGES: readonly Stage[] = [
  ["reset", 1, 0],
  // The BIOS moves its code, the VGA BIOS starts, devices are searched for; the picture and the prompt come up.
  ["self-test", 70, 4],
  // "Press ESC for boot menu": the picture stands for 1.5 s.
  ["prompt", 8, 60],
  ["menu", 1, 100, ["esc"]],
  ...KEYS.map((key): Stage => [`key ${key}`, 1, 40, [key]]),
  ["first device", 1, 40, ["1"]],
  // There is no disk: one device after the other fails, which the screen tells, and after 1 s the BIOS starts anew.
  ["devices", 12, 40],
  ["no device", 6, 100],
  ["second self-test", 90, 7],
];

/** The guest; each call draws its picture. */
export function firmware(): Guest {
  return {
    name: "firmware",
    description:
      "SeaBIOS from reset, without a disk and without a network card: it finds the devices, shows a picture of the " +
      "capture's own, then its boot menu, in which keys are pressed, finds nothing to boot and starts anew. The pages " +
      "are the interrupt vectors and the BIOS data area, the stack, the heap, the lists of the USB controller, the " +
      "text screen, and the video RAM behind the letters' shapes.",
    memoryBytes: 64 * MEBIBYTE,
    options: [
      "-boot",
      `menu=on,splash=${FOLDER}/picture.bmp,splash-time=1500,reboot-timeout=1000`,
      // No network card: its ROM would be iPXE, which unpacks itself to code that no file holds.
      "-nic",
      "none",
      "-usb",
      "-device",
      "usb-kbd",
      // 32 ns an instruction, held to the host's clock, so that 4 ms show a step of the self-test.
      "-icount",
      "shift=5,align=on",
    ],
    files: { "picture.bmp": drawPicture() },
    regions: [VECTORS, STACKS, TEXT_SCREEN, HEAP, USB_LISTS, VIDEO_RAM],
    moments: STAGES.flatMap(([name, momentCount, runMs, keys]) =>
      Array.from(
        { length: momentCount },
        (_, index): Moment => ({
          name: momentCount === 1 ? name : `${name} ${index + 1}`,
          runMs,
          ...(keys && { keys }),
        }),
      ),
    ),
    lifetimeMs: 180_000,
  };
}
