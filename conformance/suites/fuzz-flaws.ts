/**
 * Pieces of a stream in forms that no sender writes, one fault each, and a few that a receiver has to take all the same. They are
 * spelled as those of the vectors are, and the reference says what is to become of each.
 */

import { repeatedZlib, storedZlib } from "../../vectors/generate/compressed/zlib.ts";
import { join, spellDelta } from "../../vectors/generate/spell.ts";
import {
  bigEndian,
  CONTINUED,
  command,
  compressedRecord,
  FLAG,
  footer,
  header,
  memorySizes,
  name,
  part,
  startHeader,
  subsection,
  word,
  xbzrleRecord,
  zeroRecord,
} from "../../vectors/generate/spell-stream.ts";
import { RAM_PAGE_BYTES } from "../protocol.ts";

/** What a piece of a stream is. */
export type Role = "header" | "start" | "list" | "record" | "end of section" | "footer" | "item" | "end";

/** What a flaw is made for. */
export interface FlawPlace {
  readonly ramSize: number;
  readonly sectionId: number;
}

/** A flawed piece. */
export interface Flaw {
  /** In words, after "with". */
  readonly what: string;
  /** Header, start, list, footer and end are replaced by it; records and items are put before one of theirs. */
  readonly role: Role;
  readonly bytes: (place: FlawPlace) => Uint8Array;
}

const ADDRESS = RAM_PAGE_BYTES;
const PAGE = Uint8Array.from({ length: RAM_PAGE_BYTES }, (_, offset) => (offset * 7) & 0xff);
const DELTA = spellDelta([[2, [9]]]);

/** A flaw that is the same wherever it stands. */
function fixed(role: Role, what: string, bytes: Uint8Array): Flaw {
  return { role, what, bytes: () => bytes };
}

const MAGIC_OFF = header().map((octet, offset) => (offset === 3 ? octet ^ 1 : octet));
const otherVersion = (version: number) => header().map((octet, offset) => (offset === 7 ? version : octet));
const pageBits = (bits: number, version?: number) =>
  header("none", subsection("configuration/target-page-bits", bigEndian(bits, 4), version));
const capabilities = (...names: readonly string[]) =>
  header("none", subsection("configuration/capabilities", join(bigEndian(names.length, 4), ...names.map(name))));

const HEADERS: readonly Flaw[] = [
  fixed("header", "another magic number", MAGIC_OFF),
  fixed("header", "version 2", otherVersion(2)),
  fixed("header", "version 4", otherVersion(4)),
  fixed("header", "no configuration", header().subarray(0, 8)),
  fixed("header", "the machine type nones", header("nones")),
  fixed("header", "the machine type pc", header("pc")),
  fixed("header", "an unknown subsection", header("none", subsection("configuration/no-such", []))),
  fixed("header", "version 2 of a subsection", pageBits(12, 2)),
  fixed("header", "its page size", pageBits(12)),
  fixed("header", "another page size", pageBits(13)),
  fixed("header", "no capabilities", capabilities()),
  fixed("header", "a capability", capabilities("x-ignore-shared")),
];

const startOf = (what: string, section: Parameters<typeof startHeader>[1]): Flaw => {
  return { role: "start", what, bytes: ({ sectionId }) => startHeader(sectionId, section) };
};

const ITEMS: readonly Flaw[] = [
  startOf("a start of another section", { name: "rams" }),
  startOf("a start of instance 1", { instance: 1 }),
  startOf("version 3 of the section", { version: 3 }),
  startOf("version 5 of the section", { version: 5 }),
  {
    role: "start",
    what: "a full in the place of the start",
    bytes: ({ sectionId }) => join(4, startHeader(sectionId).subarray(1)),
  },
  {
    role: "footer",
    what: "another byte where a footer begins",
    bytes: ({ sectionId }) => join(0x7f, bigEndian(sectionId, 4)),
  },
  { role: "footer", what: "the footer of another section", bytes: ({ sectionId }) => footer(sectionId ^ 1) },
  { role: "item", what: "a part of another section", bytes: ({ sectionId }) => part([], sectionId ^ 4) },
  fixed("item", "an unknown item", Uint8Array.of(9)),
  fixed("item", "a ping", command(2, [0, 0, 0, 1])),
  fixed("item", "a ping without its octets", command(2, [])),
  fixed("item", "command 1 with an octet", command(1, [0])),
  fixed("item", "command 0", command(0, [])),
  fixed("item", "command 200", command(200, [])),
  {
    role: "item",
    what: "a delta after postcopy listen",
    bytes: ({ sectionId }) => join(command(3, []), command(4, []), part([xbzrleRecord(ADDRESS, DELTA)], sectionId)),
  },
  fixed("end", "a byte after the end", join(0, [0])),
  fixed("end", "half a description", join(0, 6, [0, 0, 0, 2], [0x7b])),
];

/** A record of a page that is all zero, so that who skips it goes on in the right place. */
const zeroAt = (what: string, address: (ramSize: number) => number | bigint, block?: string): Flaw => {
  return { role: "record", what, bytes: ({ ramSize }) => zeroRecord(address(ramSize), block) };
};
const flags = (what: string, given: number): Flaw => fixed("record", what, word(ADDRESS, given));
const delta = (what: string, bytes: ArrayLike<number> & Iterable<number>, encoding?: number): Flaw => {
  return fixed(
    "record",
    what,
    xbzrleRecord(ADDRESS, bytes, undefined, { ...(encoding !== undefined && { encoding }) }),
  );
};

const RECORDS: readonly Flaw[] = [
  flags("no flags", 0),
  flags("the flag 001", FLAG.full),
  flags("two kinds in one word", FLAG.zero + FLAG.page),
  flags("a bit that no kind has", FLAG.zero + 0x800),
  flags("a hook", FLAG.hook),
  flags("an end of section with an address", FLAG.endOfSection),
  zeroAt("an unknown block", () => ADDRESS, "rams"),
  zeroAt("the name of no bytes", () => ADDRESS, ""),
  zeroAt("a name of 255 bytes", () => ADDRESS, "r".repeat(255)),
  zeroAt("an address at the end of the block", (ramSize) => ramSize),
  zeroAt("an address of 2^32 and a page", () => 2 ** 32 + ADDRESS),
  zeroAt("an address of 2^52", () => 2 ** 52),
  zeroAt("an address of 2^63", () => 2n ** 63n),
  zeroAt("the greatest address", () => 2n ** 64n - 4096n),
  delta("encoding 0", DELTA, 0),
  delta("encoding 2", DELTA, 2),
  delta(
    "a delta longer than the page",
    spellDelta(Array.from({ length: 2048 }, (_, index) => [index === 0 ? 0 : 1, [3]] as const)),
  ),
  delta("an empty nzrun", [1, 0]),
  delta("an nzrun that is cut off", [0, 3, 0xaa]),
  delta("a zrun past the page", [0x81, 0x20, 1, 0xaa]),
];

const listOf = (what: string, bytes: Flaw["bytes"]): Flaw => ({ role: "list", what, bytes });

const LISTS: readonly Flaw[] = [
  listOf("CONTINUE before any name", ({ ramSize }) => join(memorySizes(ramSize), zeroRecord(0, CONTINUED))),
  listOf("a used length that is more than the sum", ({ ramSize }) => memorySizes(ADDRESS, [["ram", ramSize]])),
  listOf("an unknown block in the list", ({ ramSize }) => memorySizes(ramSize, [["rams", ramSize]])),
  listOf("another used length", ({ ramSize }) => memorySizes(ramSize + ADDRESS)),
  listOf("a used length of 2^32 more", ({ ramSize }) => memorySizes(ramSize + 2 ** 32)),
  listOf("a used length of 0", ({ ramSize }) => memorySizes(ramSize, [["ram", 0]])),
  listOf("a used length of 1", ({ ramSize }) => memorySizes(ramSize, [["ram", 1]])),
];

const ZLIB = storedZlib(PAGE);
const zlib = (what: string, bytes: Uint8Array): Flaw => fixed("record", what, compressedRecord(ADDRESS, bytes));

/** Those of streams without compressed records. */
export const STREAM_FLAWS: readonly Flaw[] = [...HEADERS, ...ITEMS, ...RECORDS, ...LISTS];

/** Those of streams with compressed records, which have the others too. */
export const COMPRESSED_FLAWS: readonly Flaw[] = [
  zlib("a zlib stream of no bytes", new Uint8Array(0)),
  zlib("a zlib stream of 4111 bytes", join(ZLIB, new Uint8Array(4111 - ZLIB.length))),
  zlib("another Adler-32", join(ZLIB.subarray(0, -1), ZLIB.at(-1)! ^ 1)),
  zlib("a zlib stream that is cut", ZLIB.subarray(0, 2000)),
  zlib("raw deflate", ZLIB.subarray(2)),
  zlib("a zlib stream of a byte more than a page", repeatedZlib(0x42, RAM_PAGE_BYTES + 1)),
  zlib("a zlib stream of 300 pages", repeatedZlib(0x42, 300 * RAM_PAGE_BYTES)),
  zlib("a zlib stream of half a page", repeatedZlib(0x42, RAM_PAGE_BYTES / 2)),
  zlib("bytes after a zlib stream", join(repeatedZlib(0x42, RAM_PAGE_BYTES), [0, 0])),
  ...STREAM_FLAWS,
];
