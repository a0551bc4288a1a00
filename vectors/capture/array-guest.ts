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

/** RAM that does not change: behind the array, numbers of which no two pages are alike. */
const NUMBERS = { address: 32 * MEBIBYTE, sizeBytes: 64 * MEBIBYTE };
/** The processor sees no RAM in it. */
const HOLE = { begin: 0xa_0000, end: 0x10_0000 };
/** So much is read at once. */
const PIECE_BYTES = 64 * MEBIBYTE;

/**
 * 1 GiB, of which 16 MiB are the array and 64 MiB numbers. 1024 ns an instruction, so that a pass takes 67 ms: the array is
 * written with 250 MB/s, and the host has time for the migration.
 */
export function arrayGuest(): Guest {
  const guest = waitingGuest();
  const loader = `loader,file=${FOLDER}/numbers,addr=${NUMBERS.address},force-raw=on`;
  return {
    ...guest,
    options: [...guest.options, "-device", loader],
    files: { ...guest.files, numbers: new Uint8Array(numbers(0, NUMBERS.sizeBytes).buffer) },
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
    if (address === 0) {
      faults.push(...arrayFaults(piece.slice(ARRAY_ADDRESS, ARRAY_ADDRESS + ARRAY_SIZE_BYTES), dotCount));
      piece.fill(0, HOLE.begin, HOLE.end);
      piece.fill(0, ARRAY_ADDRESS, ARRAY_ADDRESS + ARRAY_SIZE_BYTES);
    }
    if (Buffer.compare(piece, stillMemory(address)) !== 0) faults.push(`RAM from ${address} on is not what it was`);
  }
  return faults;
}

/**
 * Holds the array against the walk of the load: the counters from the first on that the pass under way has met are one ahead of
 * the others, those have the number of the passes that are done, modulo 256, and a dot comes after its pass and before the next.
 */
export function arrayFaults(array: Uint8Array, dotCount: number): readonly string[] {
  const counterCount = array.length / COUNTER_STRIDE_BYTES;
  const counters = Array.from({ length: counterCount }, (_, index) => array[index * COUNTER_STRIDE_BYTES]!);
  const passCount = counters.at(-1)!;
  const found = counters.findIndex((counter) => counter !== (passCount + 1) % 256);
  const aheadCount = found === -1 ? 0 : found;
  const expected = new Uint8Array(array.length);
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

/** A piece of the RAM without the array. */
function stillMemory(address: number): Uint8Array {
  const piece = new Uint8Array(PIECE_BYTES);
  const begin = Math.max(address, NUMBERS.address);
  const end = Math.min(address + PIECE_BYTES, NUMBERS.address + NUMBERS.sizeBytes);
  if (begin < end) piece.set(new Uint8Array(numbers(begin - NUMBERS.address, end - begin).buffer), begin - address);
  return piece;
}

/** The numbers from an offset on. */
function numbers(offset: number, sizeBytes: number): Uint32Array {
  return new Uint32Array(sizeBytes / 4).map((_, index) => Math.imul(offset / 4 + index + 1, 0x9e37_79b1));
}
