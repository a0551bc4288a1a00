/**
 * The codec that is used: the one with WebAssembly SIMD where the engine has it, and the plain one where it has not. The
 * variable `XBZRLE_CODEC` of the environment says `plain` or `simd` instead. Both have the same outcomes on every input.
 */

import { type ArenaShape, CodecArena } from "./delta/arena/arena.ts";
import { type CreateKernel, createPlainKernel } from "./delta/arena/kernel.ts";
import { applyDelta as applyDeltaPlainly } from "./delta/decode.ts";
import { type EncodeOutcome, encodeDelta as encodeDeltaPlainly } from "./delta/encode.ts";
import { type Codec, createCodec } from "./delta/simd/codec.ts";
import { loadSimd } from "./delta/simd/kernel.ts";

/** A codec, what makes kernels of it, and its name. */
interface ChosenCodec extends Codec {
  readonly name: "plain" | "simd";
  readonly createKernel: CreateKernel;
}

/**
 * Chooses the codec.
 *
 * @param wanted - What `XBZRLE_CODEC` says; nothing, or no character, leaves it to the engine.
 * @param createSimdKernel - What makes kernels with SIMD, if the engine has it.
 * @throws RangeError if something else is wanted, or `simd` is wanted and the engine has none.
 * @internal
 */
export function chooseCodec(wanted: string | undefined, createSimdKernel: CreateKernel | undefined): ChosenCodec {
  if (wanted && wanted !== "plain" && wanted !== "simd") {
    throw new RangeError(`XBZRLE_CODEC has to be plain or simd, not ${wanted}`);
  }
  if (wanted === "simd" && createSimdKernel === undefined) {
    throw new RangeError("XBZRLE_CODEC is simd, and this engine has no WebAssembly SIMD; set it to plain, or unset it");
  }
  if (wanted === "plain" || createSimdKernel === undefined) {
    const codec = { encodeDelta: encodeDeltaPlainly, applyDelta: applyDeltaPlainly };
    return { name: "plain", ...codec, createKernel: createPlainKernel };
  }
  return { name: "simd", ...createCodec(createSimdKernel), createKernel: createSimdKernel };
}

const chosen = chooseCodec(globalThis.process?.env.XBZRLE_CODEC, loadSimd());

/** The name of the codec that is used. */
export const codecName: "plain" | "simd" = chosen.name;

/**
 * Encodes a pair of pages: the canonical delta if it fits, and where there is none because of a long zrun, the one in
 * which each long zrun is bridged.
 *
 * @param oldPage - 1 to 65536 bytes. It is not changed.
 * @param newPage - As many bytes. It is not changed; it is read more than once, so it has to be a snapshot.
 * @param capacity - The room for the delta in bytes, 0 or more. It is not allocated.
 * @returns `unchanged` for equal pages whatever the capacity is; otherwise the delta, or `overflow` if it has more bytes
 * than the capacity or if more than 16383 changed bytes follow each other.
 * @throws TypeError if a page is not a `Uint8Array`; RangeError if the pages have not one size of 1 to 65536 bytes, or
 * the capacity is not an integer of 0 or more. Source: DELTA-20 to DELTA-31.
 */
export const encodeDelta: (oldPage: Uint8Array, newPage: Uint8Array, capacity: number) => EncodeOutcome =
  chosen.encodeDelta;

/**
 * Applies a delta to an old page, or refuses it.
 *
 * @param oldPage - 1 to 65536 bytes; it gives the page size. It is not changed.
 * @param delta - Any number of bytes, none included. Longer forms of a length are accepted. It is not changed.
 * @returns The new page, of the size of the old page, in memory of its own.
 * @throws MalformedDeltaError if the delta is malformed, and then there is no page; TypeError if an argument is not a
 * `Uint8Array`; RangeError if the old page has no page's size. Source: DELTA-5 to DELTA-19.
 */
export const applyDelta: (oldPage: Uint8Array, delta: Uint8Array) => Uint8Array = chosen.applyDelta;

/**
 * Makes an arena of the codec that is used.
 *
 * @param shape - Its size.
 * @returns The arena, whose memory is never given back while it is referred to.
 * @throws RangeError as the constructor of `CodecArena`, and if there is not so much memory.
 */
export function createArena(shape: ArenaShape): CodecArena {
  return new CodecArena(chosen.createKernel, shape);
}
