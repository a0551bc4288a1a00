/**
 * The subsections of the configuration (docs/xbzrle/stream.md, "Configuration").
 */

import { MalformedStreamError, quoteName, type StreamFault } from "../errors.ts";
import { readBe32, readName } from "../record/integers.ts";
import type { Subsection } from "./stream.ts";

/** The one version that every subsection has. */
const SUBSECTION_VERSION = 1;

/** The greatest page size, 64 KiB, as a power of two; and the least, 1 KiB. */
const MAX_PAGE_BITS = 16;
const MIN_PAGE_BITS = 10;

/** The capabilities that say something of the stream's form. */
const CAPABILITIES: readonly string[] = ["x-ignore-shared"];

/** A subsection that was read, and what it says of the rest of the stream. */
export interface ReadSubsection {
  readonly subsection: Subsection;
  /** All of its bytes. */
  readonly byteCount: number;
  /** The page size in bytes, if it states that. */
  readonly pageSize?: number;
  /** The names of capabilities, if it states them. */
  readonly capabilities?: readonly string[];
}

/**
 * Reads a subsection.
 *
 * @param bytes - Holds the beginning of the subsection, or more.
 * @param start - Where it begins in `bytes`.
 * @param streamOffset - Where it begins in the stream, in bytes.
 * @returns The subsection, or a number less than 0: so many bytes are needed to get further.
 * @throws MalformedStreamError `subsection-unknown`, `page-size-mismatch`, `capability-mismatch`.
 */
export function readSubsection(bytes: Uint8Array, start: number, streamOffset: number): ReadSubsection | number {
  if (bytes.length < start + 2) return -2;
  const nameEnd = start + 2 + bytes[start + 1]!;
  const contentStart = nameEnd + 4;
  if (bytes.length < contentStart) return start - contentStart;
  const name = readName(bytes, start + 2, nameEnd);
  const version = readBe32(bytes, nameEnd);
  const content = CONTENTS.get(name);
  const at = (offset: number) => streamOffset + offset - start;
  // STREAM-5
  if (content === undefined || version !== SUBSECTION_VERSION) {
    throw refusal("subsection-unknown", at(start), `${quoteName(name)}, version ${version}`);
  }
  const read = content(bytes, contentStart, at);
  if (typeof read === "number") return start - read;
  const { end, ...said } = read;
  const subsection = { name, version, content: new Uint8Array(bytes.subarray(contentStart, end)) };
  return { subsection, byteCount: end - start, ...said };
}

/** Reads a content. Gives where it ends and what it says, or, if not enough is there, where what is needed next ends. */
type ReadContent = (
  bytes: Uint8Array,
  start: number,
  at: (offset: number) => number,
) => number | ({ readonly end: number } & Pick<ReadSubsection, "pageSize" | "capabilities">);

const CONTENTS = new Map<string, ReadContent>([
  ["configuration/target-page-bits", readPageBits],
  ["configuration/capabilities", readCapabilities],
  ["configuration/uuid", (bytes, start) => (bytes.length < start + 16 ? start + 16 : { end: start + 16 })],
]);

/** STREAM-6: a page size that no target has is refused here; one that is not the receiver's, by the receiver. */
function readPageBits(bytes: Uint8Array, start: number, at: (offset: number) => number): ReturnType<ReadContent> {
  if (bytes.length < start + 4) return start + 4;
  const bits = readBe32(bytes, start);
  if (bits < MIN_PAGE_BITS || MAX_PAGE_BITS < bits) {
    throw refusal(
      "page-size-mismatch",
      at(start),
      `2^${bits}, at least 2^${MIN_PAGE_BITS} and at most 2^${MAX_PAGE_BITS}`,
    );
  }
  return { end: start + 4, pageSize: 2 ** bits };
}

/** STREAM-7: a capability that may change the form of the stream is not skipped. */
function readCapabilities(bytes: Uint8Array, start: number, at: (offset: number) => number): ReturnType<ReadContent> {
  if (bytes.length < start + 4) return start + 4;
  const count = readBe32(bytes, start);
  if (CAPABILITIES.length < count) {
    throw refusal("capability-mismatch", at(start), `${count} capabilities, ${CAPABILITIES.length} is known`);
  }
  const capabilities: string[] = [];
  let end = start + 4;
  while (capabilities.length < count) {
    if (end === bytes.length) return end + 1;
    const nameEnd = end + 1 + bytes[end]!;
    if (bytes.length < nameEnd) return nameEnd;
    const name = readName(bytes, end + 1, nameEnd);
    if (!CAPABILITIES.includes(name)) throw refusal("capability-mismatch", at(end), quoteName(name));
    capabilities.push(name);
    end = nameEnd;
  }
  return { end, capabilities };
}

function refusal(fault: StreamFault, streamOffset: number, found: string): MalformedStreamError {
  return new MalformedStreamError(fault, { streamOffset }, found);
}
