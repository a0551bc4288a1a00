/**
 * Turns the plans of `fuzz-stream-plans.ts` into streams.
 */

import { repeatedZlib, storedZlib } from "../../vectors/generate/compressed/zlib.ts";
import { join } from "../../vectors/generate/spell.ts";
import {
  bigEndian,
  CONTINUED,
  compressedRecord,
  END_OF_SECTION,
  end,
  FLAG,
  footer,
  header,
  memorySizes,
  pageRecord,
  startHeader,
  word,
  xbzrleRecord,
  zeroRecord,
} from "../../vectors/generate/spell-stream.ts";
import { RAM_PAGE_BYTES } from "../protocol.ts";
import { buildDecodeRequest } from "./fuzz-build.ts";
import { buildPage } from "./fuzz-bytes.ts";
import { COMPRESSED_FLAWS, type Flaw, type Role, STREAM_FLAWS } from "./fuzz-flaws.ts";
import type { DecodePlan } from "./fuzz-plans.ts";
import type { MutationPlan, PageContent, RecordPlan, StreamPlan } from "./fuzz-stream-plans.ts";

/** A piece of a stream: a header, the head of an item, a record, a footer, the end. */
export interface Piece {
  readonly role: Role;
  readonly bytes: Uint8Array;
}

/** A stream, and what was done to it, in words. */
export interface BuiltStream {
  readonly ramSize: number;
  readonly stream: Uint8Array;
  readonly what: string;
}

/** The stream of a plan, with this mutation or without any. */
export function buildStream(plan: StreamPlan, mutation: MutationPlan | undefined): BuiltStream {
  const ramSize = plan.ramPageCount * RAM_PAGE_BYTES;
  const { pieces, what } = mutated(piecesOf(plan, ramSize), mutation, plan);
  return { ramSize, stream: join(...pieces.map(({ bytes }) => bytes)), what };
}

/** The pieces of a stream as a sender writes it. */
function piecesOf(plan: StreamPlan, ramSize: number): Piece[] {
  const { sectionId, start, parts, last, description } = plan;
  let isNamed = false;
  const payload = (records: readonly RecordPlan[]): Piece[] => [
    ...records.map((record): Piece => {
      const bytes = recordBytes(record, ramSize, isNamed && !record.named ? CONTINUED : "ram");
      isNamed ||= !["list", "empty-list", "flush"].includes(record.kind);
      return { role: "record", bytes };
    }),
    { role: "end of section", bytes: END_OF_SECTION },
    { role: "footer", bytes: footer(sectionId) },
  ];
  const item = (first: number, records: readonly RecordPlan[]): Piece[] => {
    return [{ role: "item", bytes: join(first, bigEndian(sectionId, 4)) }, ...payload(records)];
  };
  return [
    { role: "header", bytes: header() },
    { role: "start", bytes: startHeader(sectionId) },
    { role: "list", bytes: memorySizes(ramSize) },
    ...payload(start),
    ...parts.flatMap((records) => item(2, records)),
    ...item(3, last),
    { role: "end", bytes: description === undefined ? Uint8Array.of(0) : end(description) },
  ];
}

function recordBytes(record: RecordPlan, ramSize: number, block: typeof CONTINUED | string): Uint8Array {
  const pageCount = ramSize / RAM_PAGE_BYTES;
  const address = ((record.pageIndex + pageCount) % pageCount) * RAM_PAGE_BYTES;
  switch (record.kind) {
    case "zero":
      return zeroRecord(address, block, record.fill);
    case "page":
      return pageRecord(address, pageOf(record.page), block);
    case "xbzrle":
      return xbzrleRecord(address, deltaOf(record.pairs, []), block);
    case "compressed":
      return compressedRecord(address, zlibOf(record.page, record.isRepeated), block);
    case "list":
      return memorySizes(ramSize);
    case "empty-list":
      return memorySizes(0, []);
    case "flush":
      return word(0, FLAG.multifdFlush);
  }
}

function pageOf(content: PageContent): Uint8Array {
  return buildPage({ ...content, pageSize: RAM_PAGE_BYTES });
}

/** Spelled by hand, so that the stream does not change with the version of zlib. */
function zlibOf(page: PageContent, isRepeated: boolean): Uint8Array {
  // The codes of literals from 144 on have another form.
  return isRepeated ? repeatedZlib(page.textureByte % 144, RAM_PAGE_BYTES) : storedZlib(pageOf(page));
}

/** A delta for some page, of as many of the pairs as a record has room for; it is as well-formed for the page that the receiver has. */
function deltaOf(pairs: DecodePlan["pairs"], damages: DecodePlan["damages"]): Uint8Array {
  const page = { pageSize: RAM_PAGE_BYTES, texture: "counter", textureByte: 0 } as const;
  const { delta } = buildDecodeRequest({ operation: "decode", page, pairs, damages });
  return delta.length <= RAM_PAGE_BYTES ? delta : deltaOf(pairs.slice(0, -1), damages);
}

interface Mutated {
  readonly pieces: readonly Piece[];
  readonly what: string;
}

function mutated(pieces: readonly Piece[], mutation: MutationPlan | undefined, plan: StreamPlan): Mutated {
  if (mutation === undefined) return { pieces, what: "" };
  const { kind, at } = mutation;
  const index = Math.floor(at * pieces.length);
  const { role } = pieces[index]!;
  const replaced = (...by: readonly Piece[]) => pieces.toSpliced(index, 1, ...by);
  switch (kind) {
    case "flaw":
      return flawed(pieces, mutation, plan);
    case "delta":
      return putBefore(
        pieces,
        at,
        {
          role: "record",
          what: "a delta that was damaged",
          bytes: () => xbzrleRecord(0, deltaOf(mutation.pairs, mutation.damages)),
        },
        plan,
      );
    case "drop":
      return { pieces: replaced(), what: `without a ${role}` };
    case "repeat":
      return { pieces: replaced(pieces[index]!, pieces[index]!), what: `with a ${role} twice` };
    case "swap": {
      const next = pieces[index + 1];
      return {
        pieces: next ? pieces.toSpliced(index, 2, next, pieces[index]!) : pieces,
        what: `with a ${role} after the next piece`,
      };
    }
    case "cut": {
      const bytes = pieces[index]!.bytes;
      const left = { role, bytes: bytes.subarray(0, offsetIn(bytes, mutation.within)) };
      return { pieces: [...pieces.slice(0, index), left], what: `cut off in a ${role}` };
    }
    default:
      return {
        pieces: replaced({ role, bytes: changed(pieces, index, mutation) }),
        what: `${CHANGES[kind]} a ${role}`,
      };
  }
}

const CHANGES = {
  flip: "with a bit flipped in",
  set: "with another byte in",
  insert: "with a byte put into",
  remove: "with a byte taken out of",
  splice: "with bytes of another piece in",
  number: "with another number in",
} as const;

type ChangePlan = Extract<MutationPlan, { readonly kind: keyof typeof CHANGES | "cut" }>;

/** The bytes of a piece with the change. */
function changed(pieces: readonly Piece[], index: number, mutation: ChangePlan): Uint8Array {
  const { bytes } = pieces[index]!;
  const offset = offsetIn(bytes, mutation.within);
  const [before, after] = [bytes.subarray(0, offset), bytes.subarray(offset + 1)];
  switch (mutation.kind) {
    case "flip":
      return join(before, bytes[offset]! ^ (1 << (mutation.byte & 7)), after);
    case "set":
      return join(before, mutation.byte, after);
    case "insert":
      return join(before, mutation.byte, bytes.subarray(offset));
    case "splice": {
      const other = pieces[mutation.byte % pieces.length]!.bytes;
      return join(before, other, bytes.subarray(offset));
    }
    case "number":
      return join(before, bigEndian(mutation.value, mutation.byteCount), bytes.subarray(offset + mutation.byteCount));
    default:
      return join(before, after);
  }
}

/** How many of the first bytes of a piece hold its numbers. */
const HEAD_BYTES = 24;

/** An offset in a piece; four of five times in its head, so that the bytes of pages do not draw all changes. */
function offsetIn(bytes: Uint8Array, within: number): number {
  return within < 0.8
    ? Math.floor((within / 0.8) * Math.min(HEAD_BYTES, bytes.length))
    : Math.floor(((within - 0.8) / 0.2) * bytes.length);
}

function flawed(
  pieces: readonly Piece[],
  { at, choice }: Extract<MutationPlan, { readonly kind: "flaw" }>,
  plan: StreamPlan,
): Mutated {
  const flaws = plan.kind === "compressed" ? COMPRESSED_FLAWS : STREAM_FLAWS;
  return putBefore(pieces, at, flaws[choice % flaws.length]!, plan);
}

/** Puts a flawed piece in the place of one of its role, or before it. */
function putBefore(pieces: readonly Piece[], at: number, flaw: Flaw, plan: StreamPlan): Mutated {
  const { role } = flaw;
  // A record may stand before the end of its payload, an item before the end of the stream.
  const roles: readonly Role[] =
    role === "record" ? [role, "end of section"] : role === "item" ? [role, "end"] : [role];
  const indexes = [...pieces.keys()].filter((index) => roles.includes(pieces[index]!.role));
  const index = indexes[Math.floor(at * indexes.length)]!;
  const bytes = flaw.bytes({ ramSize: plan.ramPageCount * RAM_PAGE_BYTES, sectionId: plan.sectionId });
  return { pieces: pieces.toSpliced(index, roles.length === 1 ? 1 : 0, { role, bytes }), what: `with ${flaw.what}` };
}
