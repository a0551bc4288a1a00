/** xbzrle.ksy, compiled by Kaitai's own compiler, beside the reference: on every vector, and on the captured streams. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  deltaRuns,
  MalformedStreamError,
  type RamRecord,
  StreamReader,
  StreamWriter,
  toHex,
} from "../reference/index.ts";
import { spell } from "../reference/stream/fakes/spell.ts";
import { MIGRATIONS } from "../vectors/capture/migrate.ts";
import { readStream, STREAMS_FOLDER } from "../vectors/capture/stored-stream.ts";
import { loadReceiveVectors, loadVectors, type ReceiveVector } from "../vectors/index.ts";
import { packageFolder } from "./package.ts";
import { loadRequirements } from "./requirements.ts";

const require = createRequire(import.meta.url);
const KaitaiStream = require("kaitai-struct/KaitaiStream");
const description = parse(readFileSync(join(packageFolder, "spec/xbzrle.ksy"), "utf8"));
const unchecked: readonly string[] = description["-xbzrle-unchecked"];
const Xbzrle = await compile();
const receiveVectors = loadReceiveVectors();

/** What a reader of either make tells of a stream: a line a record, section, payload of a device, or command. */
type Told = string[];

/** The parser that Kaitai's compiler makes; with the offsets of what it reads, in `_debug`. */
async function compile() {
  const files = await require("kaitai-struct-compiler").compile("javascript", description, null, true);
  const exported: Record<string, never> = {};
  compileFunction(files["Xbzrle.js"], ["exports", "require"])(exported, require);
  return exported.Xbzrle as ReturnType<typeof Object>;
}

/** A part of the stream as the parser has it: fields by name, and in `_debug` where they stand. */
// biome-ignore lint/suspicious/noExplicitAny: what a generated parser gives has no types.
type Parsed = any;

function parsed(stream: Uint8Array): Parsed {
  const root = new Xbzrle(new KaitaiStream(stream));
  root._read();
  return root;
}

function toldByKaitai(stream: Uint8Array): Told {
  const root = parsed(stream);
  const { RecordKind } = Xbzrle;
  const names = new Map<number, string>();
  const told: Told = [`machine ${root.configuration.machine}`];
  for (const { body, tag, records } of root.items as Parsed[]) {
    if (tag === Xbzrle.ItemTag.COMMAND) told.push(`command ${body.number} ${toHex(body.octets)}`);
    if (body === undefined || body.footer === undefined) continue;
    if (body.name !== undefined) names.set(body.sectionId, body.name.text);
    told.push(`${Xbzrle.ItemTag[tag].toLowerCase()} ${body.sectionId} ${names.get(body.sectionId)}`);
    if (records === undefined) told.push(`payload ${toHex(payloadOf(body.payload))}`);
    (records as Parsed[] | undefined)?.forEach((record, index) => {
      const at = body.payload._debug.records.arr[index].start;
      told.push(recordLine(RecordKind[record.kind], at, record.address, record.hasPage ? record.blockName : ""));
      const blocks: Parsed[] = record.kind === RecordKind.MEMORY_SIZES ? (record.body.blocks ?? []) : [];
      blocks.forEach(({ name, usedLength, pageSize, address }, index) => {
        told.push(
          `block ${record.body._debug.blocks.arr[index].start} ${name.text} ${usedLength} ${pageSize} ${address}`,
        );
      });
    });
  }
  return [...told, `description ${root.description?.size ?? "none"}`];
}

function toldByReference(stream: Uint8Array): Told {
  const told: Told = [];
  let device: Uint8Array[] | undefined;
  let description: number | undefined;
  const visitor = Object.assign(new StreamWriter(() => {}), {
    configuration: (machine: string) => told.push(`machine ${machine}`),
    command: (number: number, bytes: Uint8Array, start: number, end: number) =>
      told.push(`command ${number} ${toHex(bytes.subarray(start, end))}`),
    section: ({ name, id }: { name: string; id: number }, item: string) => {
      told.push(`${item} ${id} ${name}`);
      device = name === "ram" ? undefined : [];
    },
    payload: (bytes: Uint8Array, start: number, end: number) => device?.push(bytes.slice(start, end)),
    record: ({ kind, streamOffset, address, block }: RamRecord) => {
      const { name, usedLength, pageSize } = block;
      const isOfPage = ["zero", "page", "xbzrle", "compressed"].includes(kind);
      if (kind === "block") told.push(`block ${streamOffset} ${name} ${usedLength} ${pageSize} ${block.address}`);
      else told.push(recordLine(kind, streamOffset, address, isOfPage ? name : ""));
    },
    footer: () => {
      if (device) told.push(`payload ${toHex(Buffer.concat(device))}`);
      device = undefined;
    },
    description: (byteCount: number) => {
      description = byteCount;
    },
  });
  const reader = new StreamReader(visitor);
  reader.push(stream);
  reader.end();
  return [...told, `description ${description ?? "none"}`];
}

function recordLine(kind: string, at: number, address: number, block: string): string {
  return `${kind.toLowerCase().replaceAll("_", "-")} ${at} ${address} ${block}`;
}

/** The bytes of the state of a device: the pieces, with 7e between them. */
function payloadOf({ pieces }: Parsed): Uint8Array {
  return Buffer.concat((pieces as Parsed[]).flatMap(({ octets, noFooter }) => [octets, noFooter ?? new Uint8Array(0)]));
}

/** The runs of a delta as `zrun nzrun literals` a pair; `undefined` if the parser fails. */
function pairsByKaitai(delta: Uint8Array, pageSize: number): string[] | undefined {
  try {
    const read = new Xbzrle.Delta(new KaitaiStream(delta), null, null, pageSize);
    read._read();
    return read.pairs.map(({ zrun, nzrun, literals }: Parsed) => `${zrun.value} ${nzrun.value} ${toHex(literals)}`);
  } catch {
    return undefined;
  }
}

function pairsByReference(delta: Uint8Array, pageSize: number): string[] | undefined {
  const pairs: string[] = [];
  let zrunLength = 0;
  try {
    for (const run of deltaRuns(delta, pageSize)) {
      if (run.kind === "zrun") zrunLength = run.length;
      else pairs.push(`${zrunLength} ${run.length} ${toHex(run.literals)}`);
    }
    return pairs;
  } catch {
    return undefined;
  }
}

/** A stream of devices with these states. */
function streamOf(payloads: readonly Uint8Array[]): Uint8Array {
  return spell((writer) => {
    payloads.forEach((payload, index) => {
      const section = { name: `device-${index}`, id: 100 + index, instance: 0, version: 1 };
      writer.section(section, "full");
      writer.payload(payload, 0, payload.length);
      writer.footer(section);
    });
    writer.end();
  });
}

/** How the errors of Kaitai's runtime begin that say something of the input. */
const KAITAI_REFUSALS = /^(Validation\w*Error|EOFError|Error: End of stream reached)/;

/** What a reader tells; `undefined` if it refuses the stream. Errors that are no refusals are thrown. */
function attempt(tell: (stream: Uint8Array) => Told, stream: Uint8Array): Told | undefined {
  try {
    return tell(stream);
  } catch (error) {
    const isRefusal = error instanceof MalformedStreamError || KAITAI_REFUSALS.test(String(error));
    if (isRefusal) return undefined;
    throw error;
  }
}

const isUnchecked = ({ requirements }: ReceiveVector) => requirements.some((id) => unchecked.includes(id));

/** The reference's reader leaves deltas to a receiver; the parser does not. */
const hasMalformedDelta = ({ accept }: ReceiveVector) =>
  accept.some((outcome) => outcome.kind === "malformed" && outcome.fault === "delta-malformed");

/** The ids of all `-xbzrle-ref` in the description. */
function requirementsOf(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "-xbzrle-ref" ? [value].flat() : requirementsOf(value),
  );
}

describe("xbzrle.ksy", () => {
  test("has the runs of every well-formed delta of the vectors, and fails for every malformed one", () => {
    const deltas = loadVectors().flatMap((vector) => {
      const { id, pageSize, operation } = vector;
      if (operation === "decode") return [{ id, pageSize, delta: vector.delta }];
      return vector.accept.flatMap((outcome) =>
        outcome.kind === "delta" && outcome.delta ? [{ id, pageSize, delta: outcome.delta }] : [],
      );
    });
    const wrong = deltas.filter(({ delta, pageSize }) => {
      return pairsByKaitai(delta, pageSize)?.join() !== pairsByReference(delta, pageSize)?.join();
    });
    expect(deltas.length).toBeGreaterThan(2000);
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test("tells of every vector for receivers what the reference's reader tells, and fails where that does", () => {
    const wrong = receiveVectors.filter((vector) => {
      const [kaitai, reference] = [attempt(toldByKaitai, vector.stream), attempt(toldByReference, vector.stream)];
      if (kaitai === undefined) return reference !== undefined && !hasMalformedDelta(vector);
      return reference === undefined ? !isUnchecked(vector) : kaitai.join("\n") !== reference.join("\n");
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test("fails for every vector that a receiver has to refuse, but for the requirements that it says it does not check", () => {
    const malformed = receiveVectors.filter(({ accept }) => accept.every(({ kind }) => kind === "malformed"));
    const taken = malformed.filter(({ stream }) => attempt(toldByKaitai, stream) !== undefined);
    expect(taken.filter((vector) => !isUnchecked(vector)).map(({ id }) => id)).toEqual([]);
    const asked = new Set(malformed.map(({ requirements }) => requirements[0]!));
    const shown = new Set(taken.map(({ requirements }) => requirements[0]!));
    expect(unchecked.filter((id) => asked.has(id) && !shown.has(id))).toEqual([]);
  });

  test("names requirements that there are, and each of a decoder, receiver or reader that it can hold to", () => {
    const named = new Set(requirementsOf(description).concat(unchecked));
    const bound = [...loadRequirements().values()].filter(({ class: one }) =>
      /decoder|receiver|reader/.test(one ?? ""),
    );
    expect([...named].filter((id) => !loadRequirements().has(id))).toEqual([]);
    expect(bound.map(({ id }) => id).filter((id) => !named.has(id))).toEqual([]);
  });

  test("ends the states of devices where the reference's reader does, whatever bytes look like a footer", () => {
    const lookalike = fc
      .tuple(fc.nat(4), fc.constantFrom("", "00", "0006000000027b", "0000", "04", "0200000064", "0200000009", "080002"))
      .map(([id, next]) => Buffer.from(`7e000000${(100 + id).toString(16)}${next}`, "hex"));
    const item = fc.constantFrom(
      "0400000064016100000000000000010203",
      "01000000400161000000000000000100",
      "0800020004",
      "0800020003",
    );
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 9 }),
      lookalike,
      item.map((text) => Buffer.from(text, "hex")),
    );
    const payload = fc.array(piece, { maxLength: 6 }).map((pieces) => Buffer.concat(pieces));
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 4 }), (payloads) => {
        const stream = streamOf(payloads);
        const [kaitai, reference] = [attempt(toldByKaitai, stream), attempt(toldByReference, stream)];
        expect(kaitai).toEqual(reference);
      }),
      { numRuns: 500 },
    );
  });

  test.each(MIGRATIONS)("tells of the captured stream $name what the reference's reader tells", async ({ name }) => {
    const { stream } = await readStream(STREAMS_FOLDER, name);
    expect(toldByKaitai(stream)).toEqual(toldByReference(stream));
  });
});
