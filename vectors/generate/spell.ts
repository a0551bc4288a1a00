/**
 * Spells deltas byte by byte, after the grammar of docs/xbzrle/delta.md and in the most naive way. Nothing here is shared with
 * the reference, so that the two can disagree.
 */

/** The greatest value of a length: fourteen bits. */
export const GREATEST_LENGTH = 16383;

/** Bytes of any kind, in order. */
export type Bytes = ArrayLike<number> & Iterable<number>;

/** A zrun's length and the literals of the nzrun that follows it. */
export type Pair = readonly [zrun: number, literals: Bytes];

/** The length in its shortest form: one byte to 127, else two, the low seven bits first. Throws a `RangeError` over 16383. */
export function spellLength(length: number): number[] {
  if (GREATEST_LENGTH < length) {
    throw new RangeError(`a length has at most ${GREATEST_LENGTH}, not ${length}`);
  }
  return length < 128 ? [length] : spellTwoBytes(length);
}

/** The length in two bytes, whether it needs them or not. */
export function spellTwoBytes(length: number): number[] {
  return [0x80 + (length % 128), Math.floor(length / 128)];
}

/** The delta that has these pairs, every length in its shortest form. Throws a `RangeError` for a length over 16383. */
export function spellDelta(pairs: readonly Pair[]): Uint8Array {
  const delta: number[] = [];
  for (const [zrun, literals] of pairs) {
    delta.push(...spellLength(zrun), ...spellLength(literals.length));
    for (const literal of literals) {
      delta.push(literal);
    }
  }
  return Uint8Array.from(delta);
}

/** The pieces one after the other; a number is one byte. */
export function join(...pieces: readonly (number | Bytes)[]): Uint8Array {
  const parts = pieces.map((piece) => (typeof piece === "number" ? Uint8Array.of(piece) : new Uint8Array(piece)));
  return new Uint8Array(Buffer.concat(parts));
}

/** The runs of changed bytes, each as long as it can be, whether or not a length can say it. */
export function changedPairs(oldPage: Uint8Array, newPage: Uint8Array): Pair[] {
  const pairs: Pair[] = [];
  let offset = 0;
  let zrun = 0;
  while (offset < newPage.length) {
    if (oldPage[offset] === newPage[offset]) {
      zrun++;
      offset++;
      continue;
    }
    const literals: number[] = [];
    while (offset < newPage.length && oldPage[offset] !== newPage[offset]) {
      literals.push(newPage[offset] ?? 0);
      offset++;
    }
    pairs.push([zrun, literals]);
    zrun = 0;
  }
  return pairs;
}

/** The canonical delta, empty for equal pages; `undefined` if a run is longer than a length can say. */
export function canonicalDelta(oldPage: Uint8Array, newPage: Uint8Array): Uint8Array | undefined {
  const pairs = changedPairs(oldPage, newPage);
  const sayable = pairs.every(([zrun, literals]) => zrun <= GREATEST_LENGTH && literals.length <= GREATEST_LENGTH);
  return sayable ? spellDelta(pairs) : undefined;
}

/** The pairs with each zrun over 16383 cut by one literal that equals the old byte. */
export function bridge(oldPage: Uint8Array, pairs: readonly Pair[]): Pair[] {
  const bridged: Pair[] = [];
  let offset = 0;
  for (const [zrun, literals] of pairs) {
    let left = zrun;
    while (GREATEST_LENGTH < left) {
      const most = Math.min(GREATEST_LENGTH, left - 2);
      bridged.push([most, [oldPage[offset + most] ?? 0]]);
      offset += most + 1;
      left -= most + 1;
    }
    bridged.push([left, literals]);
    offset += left + literals.length;
  }
  return bridged;
}
