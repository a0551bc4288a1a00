/**
 * Streams that were changed to do harm, for properties.
 */

import fc from "fast-check";

/** What a change does to a stream. */
type Change = (stream: Buffer) => Buffer;

const place = fc.nat();
const hostileInteger = fc
  .constantFrom("ff", "00", "7f", "80", "7e", "ffff", "ffffffff", "7fffffff", "80000000", "00000000")
  .map((text) => Buffer.from(text, "hex"));
const hostileWord = fc
  .tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(0, 2, 4, 8, 0x10, 0x20, 0x40, 0x100, 0x200))
  .map(([address, flags]) => {
    const word = Buffer.alloc(8);
    word.writeBigUInt64BE((address & ~0xfffn) | BigInt(flags));
    return word;
  });

/** Offsets are drawn without a look at the stream. */
const at = (stream: Buffer, drawn: number) => drawn % (stream.length + 1);

const flip = fc.tuple(place, fc.nat(7)).map(
  ([drawn, bit]): Change =>
    (stream) => {
      if (0 < stream.length) stream[drawn % stream.length]! ^= 1 << bit;
      return stream;
    },
);
const cut = place.map(
  (drawn): Change =>
    (stream) =>
      stream.subarray(0, at(stream, drawn)),
);
const leaveOut = fc.tuple(place, fc.nat(40)).map(
  ([drawn, count]): Change =>
    (stream) => {
      const start = at(stream, drawn);
      return Buffer.concat([stream.subarray(0, start), stream.subarray(start + count)]);
    },
);
const overwrite = fc.tuple(place, fc.oneof(hostileInteger, hostileWord)).map(
  ([drawn, bytes]): Change =>
    (stream) => {
      bytes.copy(stream, at(stream, drawn));
      return stream;
    },
);
const insert = fc.tuple(place, fc.oneof(hostileInteger, hostileWord, fc.uint8Array({ maxLength: 300 }))).map(
  ([drawn, bytes]): Change =>
    (stream) => {
      const start = at(stream, drawn);
      return Buffer.concat([stream.subarray(0, start), bytes, stream.subarray(start)]);
    },
);
const splice = (streams: readonly Uint8Array[]) =>
  fc.tuple(place, place, fc.constantFrom(...streams)).map(
    ([drawn, otherDrawn, other]): Change =>
      (stream) => {
        const rest = other.subarray(otherDrawn % other.length);
        return Buffer.concat([stream.subarray(0, at(stream, drawn)), rest]);
      },
  );

/** Streams of a list, each with one to five changes: bits flipped, cut, pieces left out, put in and spliced, hostile lengths. */
export function hostileStreams(streams: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(
      fc.constantFrom(...streams),
      fc.array(fc.oneof(flip, cut, leaveOut, overwrite, insert, splice(streams)), { minLength: 1, maxLength: 5 }),
    )
    .map(([stream, changes]) => changes.reduce<Buffer>((changed, change) => change(changed), Buffer.from(stream)));
}
