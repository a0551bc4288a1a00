/**
 * Bytes to hexadecimal digits that are bytes themselves: what goes into a pipe is never a text of the language, which is
 * allocated, joined and copied once more for each page.
 */

import { compile, MEMORY_PAGE_SIZE, type WebAssemblyEngine } from "../../reference/delta/simd/engine.ts";
import { MODULE_BASE64 } from "./module.ts";

/** Writes two lower-case digits for each byte, as character codes, from an offset on. */
export type WriteHex = (target: Uint8Array, offset: number, bytes: Uint8Array) => void;

/** What the module exports: see `assembly/index.ts`. */
interface ModuleExports {
  writeDigits(bytes: number, digits: number, byteCount: number): void;
}

/** So many bytes become digits at a time: a page of the module's memory has the bytes, and the two behind it their digits. */
const BYTES_AT_A_TIME = MEMORY_PAGE_SIZE;
const MEMORY_PAGE_COUNT = 3;

/**
 * Gives what writes digits: with WebAssembly SIMD, and one byte after the other where the engine has none.
 *
 * @param engine - The global `WebAssembly`, unless told.
 */
export function createWriteHex(engine?: WebAssemblyEngine): WriteHex {
  const instance = compile<ModuleExports>(MODULE_BASE64, engine)?.(MEMORY_PAGE_COUNT);
  if (instance === undefined) return writeByteByByte;
  const { exports } = instance;
  const memory = new Uint8Array(instance.memory);
  return (target, offset, bytes) => {
    for (let begin = 0; begin < bytes.length; begin += BYTES_AT_A_TIME) {
      const end = Math.min(begin + BYTES_AT_A_TIME, bytes.length);
      memory.set(end - begin === bytes.length ? bytes : bytes.subarray(begin, end));
      exports.writeDigits(0, BYTES_AT_A_TIME, end - begin);
      target.set(memory.subarray(BYTES_AT_A_TIME, BYTES_AT_A_TIME + 2 * (end - begin)), offset + 2 * begin);
    }
  };
}

/** Writes digits, by the engine of this process. */
export const writeHex: WriteHex = createWriteHex();

function writeByteByByte(target: Uint8Array, offset: number, bytes: Uint8Array): void {
  for (let index = 0; index < bytes.length; index++) {
    target[offset + 2 * index] = digit(bytes[index]! >> 4);
    target[offset + 2 * index + 1] = digit(bytes[index]! & 15);
  }
}

function digit(nibble: number): number {
  return nibble < 10 ? 0x30 + nibble : 0x57 + nibble;
}
