/** Streams for tests of the relay, and what a receiver makes of them. */

import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { applyCompressed } from "../../compressed/apply.ts";
import { MalformedStreamError } from "../../errors.ts";
import { newRecord, type RamBlock, type RamRecord } from "../../record/record.ts";
import { written } from "../../stream/fakes/spell.ts";
import { receiveStream } from "../../stream/receive.ts";
import type { Section } from "../../stream/stream.ts";
import type { StreamWriter } from "../../stream/write.ts";

/** The size of a page, and the blocks of the guest with the numbers of their pages. */
export const PAGE_SIZE = 1024;
export const BLOCKS = { a: 3, b: 1, c: 5 } as const;

/** The section of the RAM. */
export const RAM: Section = { name: "ram", id: 2, instance: 0, version: 4 };

/** A block by its name. */
function blockOf(name: keyof typeof BLOCKS): RamBlock {
  return { name, usedLength: BLOCKS[name] * PAGE_SIZE, pageSize: undefined, address: undefined };
}

/**
 * One record of a page, as it is drawn: what the page holds is a number of changes to a page of one byte. Or a list of memory sizes, in
 * which the block may be longer than before.
 */
interface DrawnRecord {
  readonly kind: "zero" | "filled" | "page" | "xbzrle" | "compressed" | "sizes";
  readonly block: keyof typeof BLOCKS;
  readonly page: number;
  readonly fill: number;
  readonly changes: readonly (readonly [offset: number, value: number])[];
  readonly isNamed: boolean;
}

const drawnRecord: fc.Arbitrary<DrawnRecord> = fc.record({
  kind: fc.constantFrom("page", "page", "page", "page", "zero", "zero", "filled", "xbzrle", "compressed", "sizes"),
  block: fc.constantFrom("a", "b", "c"),
  page: fc.nat(4),
  fill: fc.constantFrom(0, 0, 0, 7),
  changes: fc.array(fc.tuple(fc.constantFrom(0, PAGE_SIZE - 1), fc.nat(1)), { maxLength: 2 }),
  isNamed: fc.boolean(),
});

/** The items of a stream: parts of the section `ram`, each with its records. */
export type DrawnItems = readonly (readonly DrawnRecord[])[];

/** Each page of the guest once, in order. */
const round: fc.Arbitrary<DrawnRecord[]> = fc.tuple(
  ...(Object.keys(BLOCKS) as (keyof typeof BLOCKS)[]).flatMap((block) =>
    Array.from({ length: BLOCKS[block] }, (_, page) =>
      drawnRecord.map((record): DrawnRecord => ({ ...record, kind: "page", block, page })),
    ),
  ),
);

/** Rounds of which the second does not show where it begins: its first page is compressed, as workers may finish it at any time. */
const rounds: fc.Arbitrary<DrawnRecord[][]> = fc
  .tuple(round, round, round)
  .map(([bulk, [first, ...rest], third]) => [bulk, [{ ...first!, kind: "compressed" }, ...rest], third]);

/** Draws parts; few pages and few contents, so that pages come again as they were, and a little changed. */
export const drawnItems: fc.Arbitrary<DrawnItems> = fc
  .tuple(
    fc.oneof(fc.constant([]), rounds),
    fc.array(fc.array(drawnRecord, { maxLength: 12, size: "max" }), { maxLength: 8 }),
  )
  .map(([first, items]) => [...first, ...items]);

/** Spells a stream with these parts. */
export function streamOf(items: DrawnItems): Uint8Array {
  return written((writer) => {
    startStream(writer, PAGE_SIZE, (Object.keys(BLOCKS) as (keyof typeof BLOCKS)[]).map(blockOf));
    for (const [index, records] of items.entries()) {
      writer.section(RAM, index === items.length - 1 ? "last" : "part");
      for (const record of records) writeDrawn(record, writer);
      endItem(writer);
    }
    writer.end();
    writer.description(2);
    writer.payload(Uint8Array.from([123, 125]), 0, 2);
  });
}

/** Writes the configuration and the list of the blocks. */
export function startStream(writer: StreamWriter, pageSize: number, blocks: readonly RamBlock[]): void {
  writer.configuration("none");
  const content = Uint8Array.of(0, 0, 0, Math.log2(pageSize));
  writer.subsection({ name: "configuration/target-page-bits", version: 1, content });
  writer.section(RAM, "start");
  writeList(writer, blocks);
  endItem(writer);
}

function writeList(writer: StreamWriter, blocks: readonly RamBlock[]): void {
  const sum = blocks.reduce((length, { usedLength }) => length + usedLength, 0);
  writer.record({ ...newRecord(), kind: "memory-sizes", address: sum });
  for (const block of blocks) writer.record({ ...newRecord(), kind: "block", block });
}

/** Ends an item of the section `ram`. */
export function endItem(writer: StreamWriter): void {
  writer.record(newRecord());
  writer.footer(RAM);
  writer.flush();
}

function writeDrawn(drawn: DrawnRecord, writer: StreamWriter): void {
  if (drawn.kind !== "sizes") return writer.record(recordOf(drawn, drawn.kind, writer));
  const block = blockOf(drawn.block);
  writeList(writer, [drawn.fill === 0 ? block : { ...block, usedLength: block.usedLength + PAGE_SIZE }]);
}

/** The kinds of records of pages that are drawn. */
type PageKind = Exclude<DrawnRecord["kind"], "sizes">;

function recordOf(drawn: DrawnRecord, kind: PageKind, writer: StreamWriter): RamRecord {
  const { block: name, page, fill, changes, isNamed } = drawn;
  const block = blockOf(name);
  const bytes = bodyOf(kind, fill, changes);
  return {
    ...newRecord(),
    kind: kind === "filled" ? "zero" : kind,
    block,
    address: (page % BLOCKS[name]) * PAGE_SIZE,
    isContinued: !isNamed && writer.continues(block),
    fill: kind === "filled" ? 7 : 0,
    bytes,
    end: bytes.length,
  };
}

function bodyOf(kind: PageKind, fill: number, changes: DrawnRecord["changes"]): Uint8Array {
  const page = new Uint8Array(PAGE_SIZE).fill(fill);
  for (const [offset, value] of changes) page[offset] = value;
  if (kind === "compressed") return deflateSync(page);
  return kind === "xbzrle" ? Uint8Array.of(changes.length, 2, fill, 3) : page;
}

/** What a receiver makes of a stream: the fault with which it refuses it, and a digest of what its memory holds then. */
export interface Reception {
  readonly fault: string | undefined;
  readonly memory: string;
}

/** Receives a stream. */
export function received(
  stream: Uint8Array,
  machine: string,
  pageSize: number,
  blocks: Readonly<Record<string, number>>,
): Reception {
  const memories = new Map(Object.entries(blocks).map(([name, size]) => [name, new Uint8Array(size)]));
  let fault: string | undefined;
  try {
    receiveStream([stream], { machine, pageSize, blocks: memories }, applyCompressed);
  } catch (error) {
    if (!(error instanceof MalformedStreamError)) throw error;
    fault = error.fault;
  }
  const digest = createHash("sha256");
  for (const memory of memories.values()) digest.update(memory);
  return { fault, memory: digest.digest("hex") };
}
