/** What an encoder that fails a vector of the family `capacity` has got wrong: it depends on where in the delta the room ends. */

import { type Pair, spellLength } from "../spell.ts";

/** Up to this many bytes to spare, the number of them is what a vector is about. */
const FEW = 4;
/** From here on, a number of 16 bits or a signed one may end. */
const LARGE = 32767;

/** The end of a sentence that begins "an encoder that fails": for the pairs of a delta, and room for so many bytes of it. */
export function mistakeAt(pairs: readonly Pair[], room: number): string {
  const spare = room - sizeOf(pairs);
  if (spare < 0) {
    return tooFew(pairs, room);
  }
  if (spare < 2) {
    return "gives neither the whole delta nor overflow";
  }
  if (spare <= FEW) {
    return `asks for more than ${spare} bytes to spare and reports overflow, or cuts the delta`;
  }
  if (LARGE <= room) {
    return "takes the capacity for a smaller or a negative number and reports overflow, or cuts the delta";
  }
  return `gives up early and reports overflow with ${spare} bytes to spare, or cuts the delta`;
}

function tooFew(pairs: readonly Pair[], room: number): string {
  if (room < 2) {
    return "takes so small a capacity for no limit, or takes two from it and wraps, and writes past it";
  }
  let end = 0;
  for (const [index, pair] of pairs.entries()) {
    const which = `pair ${index + 1} of ${pairs.length}`;
    const literalsStart = end + sizeOf([pair]) - pair[1].length;
    if (room === end) {
      return `writes past it, or leaves out all from ${which} on`;
    }
    if (room <= literalsStart) {
      return `writes past it, or delivers ${which} without its literals`;
    }
    end = literalsStart + pair[1].length;
    if (room < end) {
      return `writes past it, or cuts the literals of ${which}`;
    }
  }
  throw new RangeError(`the pairs have room in ${room} bytes`);
}

function sizeOf(pairs: readonly Pair[]): number {
  return pairs.reduce(
    (sum, [zrun, literals]) => sum + spellLength(zrun).length + spellLength(literals.length).length + literals.length,
    0,
  );
}
