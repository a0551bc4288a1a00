/**
 * A stream becomes the memory of a guest: what a receiver checks that a reader, which has no guest, cannot
 * (docs/xbzrle/record.md, docs/xbzrle/stream.md). The guest has RAM and no devices.
 */

import { MalformedStreamError, quoteName, type StreamFault } from "../errors.ts";
import { applyRecord } from "../record/apply.ts";
import { readBe32 } from "../record/integers.ts";
import type { RamRecord } from "../record/record.ts";
import { StreamReader } from "./read.ts";
import { RAM_SECTION, type Section, type StreamVisitor, type Subsection } from "./stream.ts";

/** The guest that a stream is for. */
export interface Guest {
  /** The name of its machine type, a character a byte. */
  readonly machine: string;
  /** In bytes, a power of two from 1024 to 65536. */
  readonly pageSize: number;
  /** Its RAM blocks by name, a character a byte; each a multiple of the page size, and changed by the stream. */
  readonly blocks: ReadonlyMap<string, Uint8Array>;
}

/**
 * Applies a compressed record to its block; `applyCompressed` of the chapter compressed.md is one.
 * Throws MalformedStreamError if it refuses the record.
 */
export type Decompress = (record: RamRecord, memory: Uint8Array, pageSize: number) => void;

/**
 * Receives a stream that comes in chunks.
 *
 * @param chunks - The bytes of the stream, in order, cut as you like.
 * @param guest - Its blocks hold what they held before; a refused stream has changed them up to the fault.
 * @param decompress - Makes this a decompressing receiver; left out, compressed records are refused (RECORD-5).
 * @throws MalformedStreamError at the first fault; RangeError if the guest's page size is none.
 * Source: RECORD-1 to RECORD-32, STREAM-1 to STREAM-31.
 */
export function receiveStream(chunks: Iterable<Uint8Array>, guest: Guest, decompress?: Decompress): void {
  const reader = new StreamReader(new GuestVisitor(guest, decompress), { pageSize: guest.pageSize });
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
}

/** Applies what a reader tells to a guest. */
export class GuestVisitor implements StreamVisitor {
  readonly #guest: Guest;
  readonly #decompress: Decompress | undefined;

  /** Takes what `receiveStream` takes beside the stream. */
  constructor(guest: Guest, decompress: Decompress | undefined) {
    this.#guest = guest;
    this.#decompress = decompress;
  }

  configuration(machine: string, streamOffset: number): void {
    // STREAM-4
    if (machine === this.#guest.machine) return;
    const found = `${quoteName(machine)}, and the guest's is ${quoteName(this.#guest.machine)}`;
    throw refusal("machine-mismatch", streamOffset + 13, found);
  }

  subsection({ name, content }: Subsection, streamOffset: number): void {
    const at = streamOffset + 6 + name.length;
    if (name === "configuration/target-page-bits") {
      // STREAM-6
      const pageSize = 2 ** readBe32(content, 0);
      if (pageSize === this.#guest.pageSize) return;
      throw refusal("page-size-mismatch", at, `${pageSize}, and the guest's is ${this.#guest.pageSize}`);
    }
    // STREAM-7: this receiver has none on. STREAM-8: and its guest has no UUID.
    if (name === "configuration/capabilities" && readBe32(content, 0) !== 0) {
      throw refusal("capability-mismatch", at, "a capability, and none is on");
    }
  }

  section(section: Section, _item: string, streamOffset: number): void {
    // STREAM-11
    if (section.name === RAM_SECTION.name && section.instance === 0) return;
    throw refusal("section-unknown", streamOffset, `instance ${section.instance}, and the guest has ram 0`, section);
  }

  record(record: RamRecord): void {
    const { kind, block, streamOffset, address } = record;
    switch (kind) {
      case "end-of-section":
      case "multifd-flush":
      case "memory-sizes":
        return;
      case "block":
        return this.#checkListed(record);
    }
    // RECORD-6: applied at once, so in the order of the stream.
    const memory = this.#guest.blocks.get(block.name) as Uint8Array;
    if (kind !== "compressed") return applyRecord(record, memory, this.#guest.pageSize);
    // RECORD-5
    if (this.#decompress === undefined) {
      const place = { streamOffset, block: block.name, pageAddress: address };
      throw new MalformedStreamError(
        "compressed-unexpected",
        place,
        "a compressed record, and this receiver has no use",
      );
    }
    this.#decompress(record, memory, this.#guest.pageSize);
  }

  #checkListed({ block, streamOffset }: RamRecord): void {
    const memory = this.#guest.blocks.get(block.name);
    const place = { streamOffset, block: block.name };
    // RECORD-26
    if (memory === undefined)
      throw new MalformedStreamError("listed-block-unknown", place, "the guest has no such block");
    // RECORD-27
    if (memory.length === block.usedLength) return;
    const found = `${block.usedLength} bytes, and the guest's block has ${memory.length}`;
    const lengthPlace = { ...place, streamOffset: streamOffset + 1 + block.name.length };
    throw new MalformedStreamError("used-length-mismatch", lengthPlace, found);
  }

  // STREAM-25: what the description says is nothing to a receiver; and no other section gets as far as its payload.
  payload(): void {}
  description(): void {}
  footer(): void {}
  command(): void {}
  end(): void {}
}

function refusal(fault: StreamFault, streamOffset: number, found: string, section?: Section): MalformedStreamError {
  return new MalformedStreamError(fault, { streamOffset, section }, found);
}
