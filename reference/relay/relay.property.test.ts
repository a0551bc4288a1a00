/** A relay's promise: a receiver makes of its stream what it makes of the sender's, whatever that is and however it is cut. */

import { deflateSync } from "node:zlib";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { loadReceiveVectors } from "../../vectors/index.ts";
import { hostileStreams } from "../commands/stream/fakes/hostile-streams.ts";
import { MalformedStreamError } from "../errors.ts";
import { BLOCKS, drawnItems, PAGE_SIZE, received, streamOf } from "./fakes/streams.ts";
import { RELAY_POLICIES, type RelayOptions } from "./options.ts";
import { Relay } from "./relay.ts";

const cuts = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5, size: "max" });
const options: fc.Arbitrary<RelayOptions> = fc.record({
  policy: fc.constantFrom(...RELAY_POLICIES),
  cacheSizeBytes: fc.constantFrom(4096, 8192, 2 ** 20),
  deflate: fc.constantFrom(undefined, (page: Uint8Array) => deflateSync(page)),
});
const vectorStreams = loadReceiveVectors().map(({ stream }) => stream);

/** Gives the relay's stream: pieces are copied as they come, and those that are lent are given back, with nothing left in them. */
function relayed(stream: Uint8Array, sizes: readonly number[], options: RelayOptions, passAfter = -1): Buffer {
  const pieces: Buffer[] = [];
  const lent: Uint8Array[] = [];
  const relay = new Relay((piece, isLent) => {
    pieces.push(Buffer.from(piece));
    if (isLent) lent.push(piece);
  }, options);
  relay.start(0);
  let start = 0;
  for (let index = 0; start < stream.length; index++) {
    const end = Math.min(stream.length, start + sizes[index % sizes.length]!);
    relay.push(stream.subarray(start, end), index);
    for (const piece of lent.splice(0)) relay.reuse(piece.fill(0xee));
    if (index === passAfter) relay.passOn("a test says so");
    start = end;
  }
  try {
    relay.end();
  } catch (error) {
    if (!(error instanceof MalformedStreamError)) throw error;
  }
  return Buffer.concat(pieces);
}

describe("a receiver makes the same of the relay's stream as of the sender's (RELAY-1, RELAY-3, RELAY-4),", () => {
  const ram = { ram: 65_536 };

  test.prop([fc.constantFrom(...vectorStreams), cuts, options], { numRuns: 600 })(
    "for the streams of the vectors",
    (stream, sizes, options) => {
      expect(received(relayed(stream, sizes, options), "none", 4096, ram)).toEqual(received(stream, "none", 4096, ram));
    },
  );

  test.prop([hostileStreams(vectorStreams), cuts, options], { numRuns: 600 })(
    "for streams that were changed to do harm",
    (stream, sizes, options) => {
      expect(received(relayed(stream, sizes, options), "none", 4096, ram)).toEqual(received(stream, "none", 4096, ram));
    },
  );

  const blocks = Object.fromEntries(Object.entries(BLOCKS).map(([name, count]) => [name, count * PAGE_SIZE]));

  test.prop([drawnItems, cuts, options, fc.integer({ min: -1, max: 12 })], { numRuns: 2000 })(
    "for streams in which pages come again, and wherever it begins to pass everything on",
    (items, sizes, options, passAfter) => {
      const stream = streamOf(items);
      const through = relayed(stream, sizes, options, passAfter);
      expect(received(through, "none", PAGE_SIZE, blocks)).toEqual(received(stream, "none", PAGE_SIZE, blocks));
    },
  );
});
