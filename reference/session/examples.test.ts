/** The worked examples of the chapter: every `session-example` block of docs/xbzrle/session.md is played. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromHex } from "../bytes.ts";
import { FakeGuest } from "./fakes/guest.ts";
import { FakeMigration, type SentRecord } from "./fakes/migration.ts";

const CHAPTER = readFileSync(new URL("../../docs/xbzrle/session.md", import.meta.url), "utf8");

interface Example {
  readonly place: string;
  readonly pageSize: number;
  readonly ramSize: number;
  readonly cacheSize: number;
  readonly lines: readonly string[];
}

function readExamples(): Example[] {
  return [...CHAPTER.matchAll(/^```session-example\n(.*?)^```$/gms)].map((block) => {
    const place = `session.md:${CHAPTER.slice(0, block.index).split("\n").length}`;
    const [head, ...lines] = block[1]!.trimEnd().split("\n");
    const [, pageSize, ramSize, cacheSize] =
      /^page size: (\d+), blocks: ram (\d+), cache size: (\d+)$/.exec(head!) ?? [];
    if (cacheSize === undefined) throw new Error(`${place}: not the head of an example: ${head}`);
    return { place, pageSize: Number(pageSize), ramSize: Number(ramSize), cacheSize: Number(cacheSize), lines };
  });
}

/** Hexadecimal, and `512 of 0300` for bytes many times. */
function parseBytes(text: string): Uint8Array {
  return fromHex(text.replaceAll(/(\d+) of ([0-9a-f]+)/g, (_, count, bytes) => bytes.repeat(Number(count))));
}

function inWords(records: readonly SentRecord[]): string {
  const words = records.map(({ kind, address, delta }) => `${kind} ${address}${delta === "" ? "" : ` ${delta}`}`);
  return words.length === 0 ? "nothing" : words.join(", ");
}

/** Plays the example, and gives its lines with what was sent. */
function play({ place, pageSize, ramSize, cacheSize, lines }: Example): string[] {
  const guest = new FakeGuest(pageSize, { ram: ramSize / pageSize });
  const migration = new FakeMigration(guest, { usesXbzrle: true, cacheSizeBytes: cacheSize });
  return lines.map((line) => {
    const [, address, bytes] = /^write (\d+): (.+)$/.exec(line) ?? [];
    const before = migration.records.length;
    if (address !== undefined) {
      guest.write(Math.floor(Number(address) / pageSize), Number(address) % pageSize, parseBytes(bytes!));
      return line;
    }
    const [, event] = /^(round|last) {2}/.exec(line) ?? [];
    if (event === undefined) throw new Error(`${place}: not a line of an example: ${line}`);
    if (event === "round") migration.round();
    else migration.finish();
    return `${event}  ${inWords(migration.records.slice(before))}`;
  });
}

const examples = readExamples();

test("the chapter has its examples, and each ends with the last stage", () => {
  expect(examples.length).toBe(4);
  expect(examples.filter(({ lines }) => !lines.at(-1)!.startsWith("last"))).toEqual([]);
});

test.each(examples)("$place: the sender writes what stands there", (example) => {
  expect(play(example)).toEqual(example.lines);
});
