/**
 * The worked examples of the chapters: every `record-example` and `stream-example` block of docs/xbzrle is run.
 */

import { expect, test } from "vitest";
import { type ExampleText, readExamples } from "../../spec/fakes/examples.ts";
import { fromHex, toHex } from "../bytes.ts";
import { MalformedStreamError } from "../errors.ts";
import { ByteOutput } from "../record/output.ts";
import { RecordReader } from "../record/read.ts";
import { newRecord, type RamRecord } from "../record/record.ts";
import { RecordWriter } from "../record/write.ts";
import { written } from "./fakes/spell.ts";
import { StreamReader } from "./read.ts";
import type { StreamVisitor } from "./stream.ts";

/** A line of an example: where, the bytes, and what they say. */
interface Line {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly says: string;
}

interface Example {
  readonly place: string;
  readonly kind: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly lines: readonly Line[];
}

function parseExample({ place, kind, text }: ExampleText): Example {
  const fields = new Map<string, string>();
  const lines: Line[] = [];
  for (const line of text.trimEnd().split("\n")) {
    const [, key, value] = /^(page size|blocks): (.+)$/.exec(line) ?? [];
    const [, offset, bytes, says] = /^ *(\d+) {2}(\S+(?: \S+)*?) {2}(.+)$/.exec(line) ?? [];
    if (key !== undefined) fields.set(key, value!);
    else if (offset !== undefined) lines.push({ offset: Number(offset), bytes: parseBytes(bytes!), says: says! });
    else throw new Error(`${place}: not a line of an example: ${line}`);
  }
  return { place, kind, fields, lines };
}

/** Hexadecimal, and `4096 of aa` for one byte many times. */
function parseBytes(text: string): Uint8Array {
  const spelled = text.replaceAll(/(\d+) of ([0-9a-f]{2})/g, (_, count, byte) => byte.repeat(Number(count)));
  return fromHex(spelled.replaceAll(" ", ""));
}

/** What a record is, in the words of the examples. */
function inWords({ kind, address, block, isContinued, fill, start, end }: RamRecord): string {
  const page = `${kind} ${block.name} ${address}${isContinued ? " continue" : ""}`;
  switch (kind) {
    case "memory-sizes":
      return `memory sizes ${address}`;
    case "block":
      return `block ${block.name} ${block.usedLength}`;
    case "end-of-section":
      return "end of section";
    case "zero":
      return `${page}, fill ${fill}`;
    default:
      return kind === "page" ? page : `${page}, ${end - start} bytes`;
  }
}

/** Lists what a reader tells, each with its offset. */
class Listing implements StreamVisitor {
  readonly said: string[] = [];
  configuration = (machine: string, offset: number) => this.#say(offset, `configuration ${machine}`);
  subsection: StreamVisitor["subsection"] = ({ name }, offset) => this.#say(offset, `subsection ${name}`);
  section: StreamVisitor["section"] = ({ id, name, instance, version }, item, offset) =>
    this.#say(offset, `${item} ${id} ${name} ${instance}${/start|full/.test(item) ? `, version ${version}` : ""}`);
  record = (record: RamRecord) => this.#say(record.streamOffset, inWords(record));
  payload: StreamVisitor["payload"] = (_, start, end, offset) => {
    if (!this.said.at(-1)?.includes("description")) this.#say(offset, `payload, ${end - start} bytes`);
  };
  footer: StreamVisitor["footer"] = ({ id }, offset) => this.#say(offset, `footer ${id}`);
  command: StreamVisitor["command"] = (number, _, start, end, offset) =>
    this.#say(offset, `command ${number}, ${end - start} bytes`);
  end = (offset: number) => this.#say(offset, "end");
  description = (byteCount: number, offset: number) => this.#say(offset, `description, ${byteCount} bytes`);
  #say(offset: number, what: string): void {
    this.said.push(`${offset} ${what}`);
  }
}

/** What is said of the bytes, and then of the fault, if there is one. */
function listStream(bytes: Uint8Array): string[] {
  const listing = new Listing();
  return withFault(listing.said, () => {
    const reader = new StreamReader(listing);
    reader.push(bytes);
    reader.end();
  });
}

function listRecords(bytes: Uint8Array, fields: ReadonlyMap<string, string>): string[] {
  const said: string[] = [];
  return withFault(said, () => {
    const reader = new RecordReader();
    reader.pageSize = Number(fields.get("page size"));
    const list = spellList(fields.get("blocks"));
    for (let at = 0; at < list.length; ) at += reader.read(list, at, list.length, 0);
    for (let at = 0; at < bytes.length; ) {
      const start = at;
      at += reader.read(bytes, at, bytes.length, at);
      said.push(`${start} ${inWords(reader.record)}`);
    }
  });
}

/** The list that the blocks before the example stand in. */
function spellList(blocks: string | undefined): Uint8Array {
  const listed = blocks === undefined ? [] : blocks.split(", ").map((text) => text.split(" "));
  const output: Uint8Array[] = [];
  const bytes = new ByteOutput((piece) => output.push(piece));
  const writer = new RecordWriter(bytes);
  const sum = listed.reduce((sum, [, usedLength]) => sum + Number(usedLength), 0);
  writer.write({ ...newRecord(), kind: "memory-sizes", address: sum });
  for (const [name, usedLength] of listed) {
    const block = { name: name!, usedLength: Number(usedLength), pageSize: undefined, address: undefined };
    writer.write({ ...newRecord(), kind: "block", block });
  }
  writer.write(newRecord());
  bytes.flush();
  return Buffer.concat(output);
}

function withFault(said: string[], list: () => void): string[] {
  try {
    list();
  } catch (error) {
    if (!(error instanceof MalformedStreamError)) throw error;
    said.push(`${error.fault} at ${error.place.streamOffset}`);
  }
  return said;
}

const examples = readExamples("record", "stream").map(parseExample);

test("the chapters have their examples", () => {
  const count = (kind: string) => examples.filter((example) => example.kind === kind).length;
  expect([count("record"), count("stream")]).toEqual([7, 4]);
});

test.each(examples)("$place: the bytes say what stands beside them", ({ kind, fields, lines }) => {
  const bytes = Buffer.concat(lines.map((line) => line.bytes));
  const said = kind === "stream" ? listStream(bytes) : listRecords(bytes, fields);
  // A fault stands beside all the bytes of its line, and not at their beginning only.
  const isFault = (says: string) => / at \d+$/.test(says);
  expect(said).toEqual(lines.map(({ offset, says }) => (isFault(says) ? says : `${offset} ${says}`)));
  const sizes = lines.map((line) => line.bytes.length);
  expect(lines.map(({ offset }) => offset)).toEqual(
    sizes.map((_, at) => sizes.slice(0, at).reduce((a, b) => a + b, 0)),
  );
});

test.each(examples.filter(({ kind, lines }) => kind === "stream" && !/ at \d+$/.test(lines.at(-1)!.says)))(
  "$place: a writer writes what a reader has read",
  ({ lines }) => {
    const bytes = Buffer.concat(lines.map((line) => line.bytes));
    const copy = written((writer) => {
      const reader = new StreamReader(writer);
      reader.push(bytes);
      reader.end();
    });
    expect(toHex(copy)).toBe(toHex(bytes));
  },
);
