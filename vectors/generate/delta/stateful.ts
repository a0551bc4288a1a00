/** Family `stateful`: the same request after others. An answer follows from its request alone. */

import type { FamilyText } from "../../format.ts";
import { type DecodeRequest, type EncodeRequest, Family, type RefuseRequest, type Saying } from "../family.ts";
import { change, evenPairs, layPairs, newBytes, page } from "../pages.ts";
import { join, type Pair, spellDelta } from "../spell.ts";

/** A request that is asked alone, and after each of the others. */
interface Request {
  readonly name: string;
  /** What it is, for a sentence. */
  readonly what: string;
  readonly operation: "encode" | "decode";
  /** Numbers of the requirements that its answer meets when it is asked alone. */
  readonly shows: readonly number[];
  /** Adds the vector under a name. */
  readonly add: (family: Family, name: string, saying: Saying) => string;
}

type Asked<Whole extends Saying> = Omit<Whole, keyof Saying>;

const WHO = { encode: "An encoder", decode: "A decoder" };
/** The requirement to answer from the request alone. */
const ALONE = { encode: 24, decode: 11 };

const PAIRS: readonly Pair[] = [
  [3, newBytes(3, 4)],
  [20, newBytes(27, 9)],
  [5, newBytes(41, 1)],
];
const OLD = page(64);
const NEW = layPairs(OLD, PAIRS);
const DELTA = spellDelta(PAIRS);

/** The vectors of the family. */
export function stateful(): FamilyText {
  const family = new Family("stateful");
  const requests = [...encodeRequests(), ...decodeRequests()];
  const ids = requests.map(({ name, what, operation, shows, add }) =>
    add(family, `alone-${name}`, {
      shows,
      why: `${WHO[operation]} that fails mishandles ${what}, whatever came before.`,
    }),
  );
  const idOf = (name: string) => ids[requests.findIndex((request) => request.name === name)] ?? "";
  for (const request of requests) {
    for (const before of requests) {
      // What was kept of the vector before this one is driven out first, so that it is the request in between that counts.
      const after = [idOf(`${request.operation}-sparse`), idOf(before.name)];
      again(family, request, `after-${before.name}`, `after ${before.what}`, after);
    }
  }
  chains(family, requests, ids);
  staleBytes(family);
  sameSizes(family);
  sameBeginning(family);
  return family.text();
}

function again(family: Family, request: Request, suffix: string, when: string, after: readonly string[]): string {
  const { name, what, operation, shows, add } = request;
  return add(family, `${name}-${suffix}`, {
    shows: [ALONE[operation], ...shows],
    why: `${WHO[operation]} that fails only here keeps something: ${what} is asked ${when}.`,
    after,
  });
}

/** Three, and all, of the requests one after the other. */
function chains(family: Family, requests: readonly Request[], ids: readonly string[]): void {
  requests.forEach((request, index) => {
    const others = [1, 4, 6].map((step) => ids[(index + step) % ids.length] ?? "");
    again(family, request, "after-three", "after three others", others);
    again(family, request, "after-all", "after every other request", [...ids.slice(index + 1), ...ids.slice(0, index)]);
    again(family, request, "after-itself-twice", "a third time", [ids[index] ?? "", ids[index] ?? ""]);
  });
}

function encoding(name: string, what: string, shows: readonly number[], pages: Asked<EncodeRequest>): Request {
  const add: Request["add"] = (family, vectorName, saying) => family.encode(vectorName, { ...saying, ...pages });
  return { name: `encode-${name}`, what: `an encode ${what}`, operation: "encode", shows, add };
}

function encodeRequests(): Request[] {
  const large = page(4096, [0xa1]);
  const largeNew = layPairs(large, evenPairs(0, 900, 2, 2));
  return [
    encoding("delta", "of three runs", [23, 25], { oldPage: OLD, newPage: NEW }),
    encoding("back", "of the same pages the other way round", [23, 25], { oldPage: NEW, newPage: OLD }),
    encoding("overflow", "that overflows", [26, 29], { oldPage: OLD, newPage: change(OLD, [0, 64]), capacity: 10 }),
    encoding("late", "that overflows late", [29, 26, 22, 23], { oldPage: OLD, newPage: NEW, capacity: 19 }),
    encoding("unchanged", "of equal pages", [20], { oldPage: NEW, newPage: NEW }),
    encoding("equal", "of equal larger pages", [20], { oldPage: large, newPage: large }),
    encoding("large", "of a larger page", [23, 25], { oldPage: large, newPage: largeNew }),
    encoding("small", "of a page of one byte", [23, 25], { oldPage: page(1), newPage: change(page(1), [0, 1]) }),
    encoding("sparse", "of one byte of a larger page", [23, 25], { oldPage: large, newPage: change(large, [4000, 1]) }),
  ];
}

function decoding(name: string, what: string, oldPage: Uint8Array, pairs: readonly Pair[]): Request {
  const request: Asked<DecodeRequest> = { oldPage, newPage: layPairs(oldPage, pairs), delta: spellDelta(pairs) };
  const add: Request["add"] = (family, vectorName, saying) => family.decode(vectorName, { ...saying, ...request });
  return { name: `decode-${name}`, what: `a decode ${what}`, operation: "decode", shows: [8, 5, 6, 7], add };
}

/** The last nzrun of the delta is cut off. */
function refusing(name: string, what: string, oldPage: Uint8Array, delta: Uint8Array): Request {
  const request: Asked<RefuseRequest> = { oldPage, delta, fault: "nzrun-truncated" };
  const add: Request["add"] = (family, vectorName, saying) => family.refuse(vectorName, { ...saying, ...request });
  return { name: `refuse-${name}`, what: `a decode ${what}`, operation: "decode", shows: [19], add };
}

function decodeRequests(): Request[] {
  const large = page(4096, [0xa1]);
  const largePairs = evenPairs(0, 900, 2, 2);
  return [
    decoding("page", "of three runs", OLD, PAIRS),
    decoding("back", "of the way back", NEW, backPairs()),
    decoding("large", "of a larger page", large, largePairs),
    decoding("sparse", "of one byte of a larger page", large, [[4000, [0x11]]]),
    decoding("other", "of the same delta over another page", page(64, [0x5a]), PAIRS),
    decoding("small", "of a page of one byte", page(1), [[0, [0x10]]]),
    refusing("early", "that is refused for its first nzrun", OLD, Uint8Array.of(3, 4, 0x43, 0x54)),
    refusing("late", "that is refused after two pairs", OLD, DELTA.subarray(0, DELTA.length - 1)),
    refusing("large", "of a larger page that is refused at its end", large, join(spellDelta(largePairs), 1, 9, 0x11)),
  ];
}

function backPairs(): Pair[] {
  let offset = 0;
  return PAIRS.map(([zrun, literals]): Pair => {
    offset += zrun + literals.length;
    return [zrun, OLD.subarray(offset - literals.length, offset)];
  });
}

/** A cut delta after the whole one: a decoder that reads past the delta finds the bytes of the one before. */
function staleBytes(family: Family): void {
  const whole = family.decode("whole-before-cuts", {
    shows: [8, 6],
    why: "A decoder that fails mishandles three runs in 64 bytes, the whole delta of which cuts are asked next.",
    oldPage: OLD,
    newPage: NEW,
    delta: DELTA,
  });
  for (const [count, fault, rule] of [
    [1, "zrun-unpaired", 16],
    [2, "nzrun-truncated", 19],
    [4, "nzrun-truncated", 19],
    [7, "zrun-unpaired", 16],
    [8, "nzrun-truncated", 19],
    [16, "nzrun-truncated", 19],
    [18, "zrun-unpaired", 16],
    [19, "nzrun-truncated", 19],
  ] as const) {
    family.refuse(`cut-${count}-after-whole`, {
      shows: [11, rule],
      why: `A decoder that accepts this reads the bytes after the ${count} it was given: they stood there in the delta before.`,
      oldPage: OLD,
      delta: DELTA.subarray(0, count),
      fault,
      after: [whole],
    });
  }
  longLengthCuts(family);
}

/** A whole delta after a malformed one of as many bytes, for a page of as many. */
function sameSizes(family: Family): void {
  const malformed = Uint8Array.from(DELTA);
  malformed[1] = 0;
  const refused = family.refuse("refused-of-same-size", {
    shows: [17],
    why: "A decoder that accepts this lets an nzrun be empty, in a delta of as many bytes as the one that is asked next.",
    oldPage: OLD,
    delta: malformed,
    fault: "nzrun-empty",
  });
  family.decode("page-after-same-size", {
    shows: [11, 8],
    why: "A decoder that fails only here keeps a refusal by the sizes of page and delta, or does not look at the bytes.",
    oldPage: OLD,
    newPage: NEW,
    delta: DELTA,
    after: [refused],
  });
}

/** A delta, and the same with one length that is one more: they agree in their sizes and in their first bytes. */
function sameBeginning(family: Family): void {
  const pairs = PAIRS.slice(0, 2);
  const delta = spellDelta(pairs);
  const malformed = Uint8Array.from(delta);
  malformed[7] = 10;
  const asDelta: Asked<DecodeRequest> = { oldPage: OLD, newPage: layPairs(OLD, pairs), delta };
  const asMalformed: Asked<RefuseRequest> = { oldPage: OLD, delta: malformed, fault: "nzrun-truncated" };
  const refused = family.refuse("refused-for-length-of-10", {
    shows: [19],
    why: "A decoder that accepts this reads past the delta: the second nzrun has 9 literals, and its length says 10.",
    ...asMalformed,
  });
  const intact = family.decode("intact-after-length-of-10", {
    shows: [11, 8],
    why: "A decoder that fails only here keeps a refusal by the sizes or the first bytes: one length was 10, and now it is 9.",
    ...asDelta,
    after: [refused],
  });
  family.refuse("length-of-10-after-intact", {
    shows: [11, 19],
    why: "A decoder that fails only here keeps an acceptance by the sizes or the first bytes: one length was 9, and now it is 10.",
    ...asMalformed,
    after: [intact],
  });
}

function longLengthCuts(family: Family): void {
  const oldPage = page(600);
  const pairs: Pair[] = [[130, newBytes(130, 140)]];
  const delta = spellDelta(pairs);
  const whole = family.decode("whole-long-before-cuts", {
    shows: [2, 8],
    why: "A decoder that fails mishandles two lengths of two bytes, the whole delta of which cuts are asked next.",
    oldPage,
    newPage: layPairs(oldPage, pairs),
    delta,
  });
  for (const count of [1, 3]) {
    family.refuse(`cut-long-${count}-after-whole`, {
      shows: [11, 12],
      why: `A decoder that accepts this finds the second byte of a length after the ${count} bytes it was given, in the delta before.`,
      oldPage,
      delta: delta.subarray(0, count),
      fault: "length-truncated",
      after: [whole],
    });
  }
}
