/** The worked examples of the chapter: every `relay-example` block of docs/xbzrle/relay.md is relayed (RELAY-6, RELAY-7). */

import { expect, test } from "vitest";
import { type ExampleText, readExamples } from "../../spec/fakes/examples.ts";
import { fromHex, toHex } from "../bytes.ts";
import { newRecord, type RamBlock, type RamRecord } from "../record/record.ts";
import { StreamReader } from "../stream/read.ts";
import { StreamWriter } from "../stream/write.ts";
import { endItem, RAM, startStream } from "./fakes/streams.ts";
import { Relay } from "./relay.ts";

interface Example extends ExampleText {
  readonly pageSize: number;
  readonly cacheSize: number;
  readonly blocks: readonly RamBlock[];
  /** What is taken and what is written, line by line. */
  readonly lines: readonly string[];
}

function readExample(example: ExampleText): Example {
  const [head, ...lines] = example.text.trimEnd().split("\n");
  const [, pageSize, blockText, cacheSize] = /^page size: (\d+), blocks: (.+), cache size: (\d+)$/.exec(head!) ?? [];
  if (cacheSize === undefined) throw new Error(`${example.place}: not the head of an example: ${head}`);
  const blocks = [...blockText!.matchAll(/(\w+) (\d+)/g)].map(([, name, length]) => ({
    name: name!,
    usedLength: Number(length),
    pageSize: undefined,
    address: undefined,
  }));
  return { ...example, pageSize: Number(pageSize), cacheSize: Number(cacheSize), blocks, lines };
}

/** A record in words becomes one: `page a 0 continue: 0102`. */
function parseRecord(words: string, { place, blocks, pageSize }: Example): RamRecord {
  const [, kind, name, address, continued, hex = ""] =
    /^(page|zero|xbzrle) (\w+) (\d+)( continue)?(?:: ([0-9a-f]+))?$/.exec(words) ?? [];
  const block = blocks.find((block) => block.name === name);
  if (block === undefined) throw new Error(`${place}: not a record: ${words}`);
  const given = fromHex(hex);
  const bytes = kind === "page" ? new Uint8Array(pageSize) : given;
  bytes.set(given);
  return {
    ...newRecord(),
    kind: kind as RamRecord["kind"],
    block,
    address: Number(address),
    isContinued: continued !== undefined,
    bytes,
    end: bytes.length,
  };
}

/** The mirror of `parseRecord`, but for what a page holds. */
function inWords({ kind, block, address, isContinued, bytes, start, end }: RamRecord): string {
  const delta = kind === "xbzrle" ? `: ${toHex(bytes.subarray(start, end))}` : "";
  return `${kind} ${block.name} ${address}${isContinued ? " continue" : ""}${delta}`;
}

/** Relays the items of the example, and gives its lines with what was written. */
function play(example: Example): string[] {
  let written: string[] = [];
  const isOfPage = ({ kind }: RamRecord) => ["page", "zero", "xbzrle"].includes(kind);
  const record = (record: RamRecord) => {
    if (isOfPage(record)) written.push(inWords(record));
  };
  const { pageSize, cacheSize } = example;
  const reader = new StreamReader(Object.assign(new StreamWriter(() => {}), { record }), { pageSize });
  const relay = new Relay((piece) => reader.push(piece), { cacheSizeBytes: cacheSize });
  const writer = new StreamWriter((piece) => relay.push(piece, 0));
  startStream(writer, pageSize, example.blocks);
  return example.lines.flatMap((line) => {
    const [, taken] = /^take {3}(.+)$/.exec(line) ?? [];
    if (taken === undefined) return [];
    written = [];
    writer.section(RAM, "part");
    for (const words of taken.split(", ")) writer.record(parseRecord(words, example));
    endItem(writer);
    return [line, `write  ${written.length === 0 ? "nothing" : written.join(", ")}`];
  });
}

const examples = readExamples("relay").map(readExample);

test("the chapter has its examples", () => {
  expect(examples.length).toBe(3);
});

test.each(examples)("$place: the relay writes what stands there", (example) => {
  expect(play(example)).toEqual(example.lines);
});
