/**
 * The guest that is migrated over a slow link: the synthetic load under a boot ROM of this project, with RAM that is partly
 * full of numbers and partly empty; and what its memory is at any moment, told without running it.
 */

import { ARRAY_ADDRESS, ARRAY_SIZE_BYTES, COUNTER_STRIDE_BYTES } from "./boot-sector.ts";
import { FOLDER, type Guest } from "./guest.ts";
import { SYNTHETIC } from "./loads.ts";
import type { Machine } from "./machine.ts";
import { romGuest } from "./migrate.ts";

const MEBIBYTE = 1024 * 1024;
const MEMORY_BYTES = 1024 * MEBIBYTE;

/**
 * RAM that is full: numbers of which no two pages are alike, in the array too, beside its counters. Otherwise each 256th pass would leave
 * pages that are all zero, which are sent in no time, and a migration that comes by just then would end.
 */
const NUMBERS = { address: ARRAY_ADDRESS, sizeBytes: ARRAY_SIZE_BYTES + 64 * MEBIBYTE };
/** The processor sees no RAM in it. */
const HOLE = { begin: 0xa_0000, end: 0x10_0000 };
/** So much is read at once. */
const PIECE_BYTES = 64 * MEBIBYTE;

/**
 * 1 GiB, of which 16 MiB are the array and 64 MiB behind it do not change. 1024 ns an instruction, so that a pass takes 67 ms: the array is
 * written with 250 MB/s, and the host has time for the migration.
 */
export function arrayGuest(): Guest {
  const guest = waitingGuest();
  const loader = `loader,file=${FOLDER}/numbers,addr=${NUMBERS.address},force-raw=on`;
  return {
    ...guest,
    options: [...guest.options, "-device", loader],
    files: { ...guest.files, numbers: firstContents(NUMBERS.address, NUMBERS.sizeBytes) },
  };
}

/** The same machine for a destination: its RAM is empty, and nothing but a migration fills it. */
export function waitingGuest(): Guest {
  const guest = romGuest(SYNTHETIC, MEMORY_BYTES, ["-icount", "shift=10,align=on"]);
  return { ...guest, lifetimeMs: 300_000 };
}

/**
 * Reads the memory of an `arrayGuest` that stands still, and holds it against the model.
 *
 * @param dotCount - The dots that it has printed since it was started, at its source too.
 * @returns What is wrong, in words; empty if it is all right.
 * Rejects with `CaptureError` as `Machine.read`.
 */
export async function memoryFaults(machine: Machine, dotCount: number): Promise<readonly string[]> {
  const faults: string[] = [];
  for (let address = 0; address < MEMORY_BYTES; address += PIECE_BYTES) {
    const piece = await machine.read({ name: "RAM", address, sizeBytes: PIECE_BYTES });
    const expected = firstContents(address, PIECE_BYTES);
    if (address === 0) {
      const end = ARRAY_ADDRESS + ARRAY_SIZE_BYTES;
      const array = piece.slice(ARRAY_ADDRESS, end);
      faults.push(...arrayFaults(array, dotCount, expected.subarray(ARRAY_ADDRESS, end)));
      expected.set(array, ARRAY_ADDRESS);
      piece.fill(0, HOLE.begin, HOLE.end);
    }
    if (Buffer.compare(piece, expected) !== 0) faults.push(`RAM from ${address} on is not what it was`);
  }
  return faults;
}

/**
 * Holds the array against the walk of the load: the counters from the first on that the pass under way has met are one ahead of
 * the others, those have the number of the passes that are done, modulo 256, and a dot comes after its pass and before the next.
 *
 * @param firstArray - The array before the first pass, with counters of 0; empty unless told.
 */
export function arrayFaults(
  array: Uint8Array,
  dotCount: number,
  firstArray: Uint8Array = new Uint8Array(array.length),
): readonly string[] {
  const counterCount = array.length / COUNTER_STRIDE_BYTES;
  const counters = Array.from({ length: counterCount }, (_, index) => array[index * COUNTER_STRIDE_BYTES]!);
  const passCount = counters.at(-1)!;
  const found = counters.findIndex((counter) => counter !== (passCount + 1) % 256);
  const aheadCount = found === -1 ? 0 : found;
  const expected = firstArray.slice();
  for (const index of counters.keys()) {
    expected[index * COUNTER_STRIDE_BYTES] = passCount + (index < aheadCount ? 1 : 0);
  }
  const faults: string[] = [];
  if (Buffer.compare(array, expected) !== 0) {
    const wrong = array.findIndex((byte, offset) => byte !== expected[offset]);
    faults.push(`byte ${wrong} of the array is ${array[wrong]} instead of ${expected[wrong]}`);
  }
  const dotsOwed = (passCount - dotCount) & 0xff;
  if (dotsOwed !== 0 && !(dotsOwed === 1 && aheadCount === 0)) {
    faults.push(`the array stands at pass ${passCount} (modulo 256) after ${dotCount} dots`);
  }
  return faults;
}

/** What a part of the RAM holds before the guest runs, both numbers multiples of a page. */
function firstContents(address: number, sizeBytes: number): Uint8Array {
  const contents = new Uint8Array(sizeBytes);
  const begin = Math.max(address, NUMBERS.address);
  const end = Math.min(address + sizeBytes, NUMBERS.address + NUMBERS.sizeBytes);
  if (end <= begin) return contents;
  const numbers = new Uint32Array((end - begin) / 4).map((_, index) => Math.imul(begin / 4 + index, 0x9e37_79b1));
  contents.set(new Uint8Array(numbers.buffer), begin - address);
  for (
    let counter = begin;
    counter < Math.min(end, ARRAY_ADDRESS + ARRAY_SIZE_BYTES);
    counter += COUNTER_STRIDE_BYTES
  ) {
    contents[counter - address] = 0;
  }
  return contents;
}
