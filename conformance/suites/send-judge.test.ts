import { describe, expect, test } from "vitest";
import { repeatedZlib } from "../../vectors/generate/compressed/zlib.ts";
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
  last,
  memorySizes,
  pageRecord,
  part,
  start,
  startHeader,
  stream,
  word,
  xbzrleRecord,
  zeroRecord,
} from "../../vectors/generate/spell-stream.ts";
import type { GuestStep } from "../../vectors/index.ts";
import type { SendRequest } from "../protocol.ts";
import { fuzzCase, fuzzCases } from "./fuzz.ts";
import { readyVector, standaloneCase } from "./ready-vector.ts";
import { SendCase } from "./send-cases.ts";
import { judgeSend } from "./send-judge.ts";

const PAGE = 4096;
const ROUND: GuestStep = { kind: "round" };
const write = (offset: number, ...bytes: readonly number[]): GuestStep => {
  return { kind: "write", offset, bytes: Uint8Array.from(bytes) };
};
const page = (...bytes: readonly number[]) => {
  const filled = new Uint8Array(PAGE);
  filled.set(bytes);
  return filled;
};

/** A guest of two pages, of which the first changes in three rounds, and comes back in the third. */
const STEPS = [write(0, 1), ROUND, write(0, 2), ROUND, write(0, 1), ROUND];

function judge(given: Uint8Array, steps: readonly GuestStep[] = STEPS, changed: Partial<SendRequest> = {}) {
  const request: SendRequest = { operation: "send", ramSize: 2 * PAGE, cacheSize: 2 * PAGE, steps, ...changed };
  return judgeSend(request, { kind: "stream", stream: given });
}

/** A stream with these records of pages, in one part. */
const sent = (...records: readonly Uint8Array[]) => stream(2 * PAGE, records);
const first = [pageRecord(0, page(1)), zeroRecord(PAGE, CONTINUED)];
const second = pageRecord(0, page(2), CONTINUED);
const third = xbzrleRecord(0, [0, 1, 1], CONTINUED);

describe("a stream conforms", () => {
  test.each<[what: string, given: Uint8Array, steps?: readonly GuestStep[]]>([
    ["that gives the guest of each round, in parts that end anywhere", sent(...first, second, third)],
    [
      "with the pages of a round in any order",
      sent(zeroRecord(PAGE), pageRecord(0, page(1), CONTINUED), second, third),
    ],
    ["with a page that was not written to", sent(...first, second, zeroRecord(PAGE, CONTINUED), third)],
    [
      "with compressed records",
      sent(...first, compressedRecord(PAGE, repeatedZlib(0, PAGE), CONTINUED), second, third),
    ],
    [
      "that leaves out what was written and is the same",
      sent(...first),
      [write(0, 1), ROUND, write(0, 1), ROUND, write(0, 2), write(0, 1)],
    ],
  ])("%s", (_, given, steps) => {
    expect(judge(given, steps)).toEqual({ kind: "pass" });
  });
});

describe("a stream fails at the level required", () => {
  const twoZeros = [zeroRecord(0), zeroRecord(PAGE, CONTINUED)];
  const compressed = (zlib: ArrayLike<number> & Iterable<number>) =>
    sent(zeroRecord(0), compressedRecord(PAGE, zlib, CONTINUED));
  test.each<[what: string, requirement: string, detail: RegExp, given: Uint8Array, steps?: readonly GuestStep[]]>([
    [
      "without a page in the first round",
      "SESSION-1",
      /page 4096 is not sent in round 1/,
      sent(first[0]!, second, third),
    ],
    [
      "with a page twice in the first round",
      "SESSION-2",
      /the page record of page 0 at stream byte \d+ is the second of that page in round 1/,
      sent(first[0]!, pageRecord(0, page(1), CONTINUED), first[1]!, second, third),
    ],
    [
      "with a page twice in a round, which it is dirty in again",
      "SESSION-2",
      /is the second of that page in round 2/,
      sent(...first, second, second, third),
    ],
    [
      "with a page twice in the last stage",
      "SESSION-2",
      /second of that page in the last stage \(round 2\)/,
      sent(...first, second, second),
      [write(0, 1), ROUND, write(0, 2)],
    ],
    [
      "without a page that has changed",
      "SESSION-3",
      /page 0 is not sent in round 2, .* byte 0 is 01, not 02/,
      sent(...first),
    ],
    [
      "with a page as it was",
      "SESSION-3",
      /in round 2 the page record of page 0 .* gives it as it was in round 1: byte 0 is 01, not 02/,
      sent(...first, pageRecord(0, page(1), CONTINUED)),
      [write(0, 1), ROUND, write(0, 2), ROUND],
    ],
    [
      "without a page of the last stage",
      "SESSION-4",
      /page 4096 is not sent in the last stage/,
      sent(...first),
      [write(0, 1), ROUND, write(PAGE, 7)],
    ],
    [
      "with bytes that the guest never had",
      "SESSION-4",
      /gives other bytes than the guest has: byte 0 is 09, not 02/,
      sent(...first, pageRecord(0, page(9), CONTINUED)),
    ],
    [
      "with a delta of what the guest had in between",
      "SESSION-5",
      /made from bytes that the guest had in the page and that no record has given/,
      sent(...first, second, xbzrleRecord(0, [2, 1, 7], CONTINUED)),
      [write(0, 1), ROUND, write(0, 2), ROUND, write(0, 3), write(2, 7), ROUND],
    ],
    [
      "with a delta of the copy of another page",
      "SESSION-6",
      /made from the bytes of page 4096/,
      sent(pageRecord(0, page(1)), pageRecord(PAGE, page(3), CONTINUED), second, xbzrleRecord(0, [2, 1, 7], CONTINUED)),
      [write(0, 1), write(PAGE, 3), ROUND, write(0, 2), ROUND, write(0, 3, 0, 7), ROUND],
    ],
    [
      "with a delta of the page before a zero record",
      "SESSION-7",
      /made from the bytes before the zero record of page 0 at stream byte \d+: make the cached page zero there/,
      sent(...first, zeroRecord(0, CONTINUED), xbzrleRecord(0, [1, 1, 7], CONTINUED)),
      [write(0, 1), ROUND, write(0, 0), ROUND, write(0, 1, 7), ROUND],
    ],
    [
      "with a delta of the page before a page record",
      "SESSION-8",
      /made from the bytes before the page record of page 0/,
      sent(...first, second, xbzrleRecord(0, [1, 1, 7], CONTINUED)),
      [write(0, 1), ROUND, write(0, 2), ROUND, write(0, 1, 7), ROUND],
    ],
    [
      "with a delta that changes nothing",
      "DELTA-20",
      /changes no byte/,
      sent(...first, second, third, third),
      [...STEPS, ROUND],
    ],
    [
      "with a delta of no bytes",
      "DELTA-22",
      /has an empty delta/,
      sent(...first, second, xbzrleRecord(0, [], CONTINUED)),
    ],
    [
      "with a delta of a page that never came",
      "RECORD-23",
      /is the first of that page/,
      sent(xbzrleRecord(0, [0, 1, 1]), first[1]!),
    ],
    ["with another fill", "RECORD-17", /has the fill 1/, sent(zeroRecord(0, "ram", 1), zeroRecord(PAGE, CONTINUED))],
    ["with CONTINUE on its first record", "RECORD-13", /name it in the first record/, sent(zeroRecord(0, CONTINUED))],
    [
      "with an end of section that has CONTINUE",
      "RECORD-30",
      /end of section at stream byte \d+ has CONTINUE/,
      join(
        header(),
        start(2 * PAGE),
        part(twoZeros),
        join(3, bigEndian(2, 4), word(0, FLAG.endOfSection + FLAG.continue), footer()),
        end(),
      ),
      [],
    ],
    ["without a last", "STREAM-18", /without a last/, join(header(), start(2 * PAGE), part(twoZeros), end()), []],
    [
      "with a part behind the last",
      "STREAM-18",
      /comes behind its last/,
      join(header(), start(2 * PAGE), part(twoZeros), last(), part([]), end()),
      [],
    ],
    [
      "without a list",
      "RECORD-24",
      /list the block ram before the first page/,
      join(header(), startHeader(), memorySizes(0, []), END_OF_SECTION, footer(), part(twoZeros), last(), end()),
      [],
    ],
    ["with half a zlib stream's page", "COMP-8", /has 2048 bytes of the page/, compressed(repeatedZlib(0, 2048)), []],
    [
      "with a compressed record that is the first of its block",
      "COMP-9",
      /the compressed record of page 0 at stream byte \d+ is the first of its block, .* write the first page in full/,
      sent(compressedRecord(0, repeatedZlib(0, PAGE)), zeroRecord(PAGE, CONTINUED)),
      [],
    ],
    ["with no zlib stream", "COMP-8", /compressed-empty .* compress the whole page/, compressed([]), []],
    ["with a damaged zlib stream", "COMP-8", /compressed-damaged/, compressed([1, 2, 3]), []],
    ["with a zlib stream of more than a page", "COMP-8", /page-exceeded/, compressed(repeatedZlib(0, PAGE + 1)), []],
    ["that is no stream", "STREAM-23", /the stream is malformed: stream-truncated/, new Uint8Array(0)],
  ])("%s", (_, requirement, detail, given, steps) => {
    expect(judge(given, steps)).toMatchObject({ kind: "fail", level: "required", requirement });
    expect(judge(given, steps)).toMatchObject({ detail: expect.stringMatching(detail) });
  });

  test("with more deltas in a round than the cache has pages", () => {
    const both = (byte: number) => [write(0, byte), write(PAGE, byte), ROUND];
    const steps = [...both(1), ...both(2), ...both(3)];
    const pages = (byte: number, block?: typeof CONTINUED) => [
      pageRecord(0, page(byte), block),
      pageRecord(PAGE, page(byte), CONTINUED),
    ];
    const deltas = [0, PAGE].map((address) => xbzrleRecord(address, [0, 1, 3], CONTINUED));
    const given = sent(...pages(1), ...pages(2, CONTINUED), ...deltas);
    expect(judge(given, steps)).toEqual({ kind: "pass" });
    expect(judge(given, steps, { cacheSize: PAGE })).toMatchObject({
      requirement: "SESSION-14",
      detail: expect.stringMatching(/^2 pages are sent as deltas in round 3, and a page cache of 4096 bytes holds 1/),
    });
  });
});

describe("a stream fails at the level recommended", () => {
  test.each<[what: string, requirement: string, given: Uint8Array, steps?: readonly GuestStep[]]>([
    ["with a delta in the second round", "SESSION-11", sent(...first, xbzrleRecord(0, [0, 1, 2], CONTINUED), third)],
    ["that names its block again", "RECORD-14", sent(first[0]!, zeroRecord(PAGE), second, third)],
    [
      "with a page that is in the cache and equal",
      "SESSION-9",
      sent(...first, second, third, xbzrleRecord(0, [0, 1, 2], CONTINUED), second),
      [...STEPS, write(0, 2), ROUND, write(0, 2), ROUND],
    ],
    [
      "with a delta record that is longer than a page record",
      "SESSION-10",
      sent(...first, second, xbzrleRecord(0, join([0, 0xfb, 0x1f], new Uint8Array(4091).fill(5)), CONTINUED)),
      [write(0, 1), ROUND, write(0, 2), ROUND, write(0, ...new Uint8Array(4091).fill(5)), ROUND],
    ],
  ])("%s", (_, requirement, given, steps) => {
    expect(judge(given, steps)).toMatchObject({ kind: "fail", level: "recommended", requirement });
  });
});

describe("drawn guests", () => {
  test("are the same for the same id, and as a vector", () => {
    for (const asked of fuzzCases(15, 7, ["send"])) {
      expect(fuzzCase(asked.id)?.request).toEqual(asked.request);
      const vector = standaloneCase(JSON.parse(JSON.stringify(readyVector(asked))));
      expect(vector.request).toEqual(asked.request);
    }
  });

  test("are refused as a vector where they write past their RAM", () => {
    const [asked] = fuzzCases(1, 7, ["send"]);
    const text = { ...readyVector(asked!), steps: [[99_999_999, ["01"]]] };
    expect(() => standaloneCase(text)).toThrow("a write to byte 99999999 of a RAM of");
    expect(() => standaloneCase({ ...readyVector(asked!), cacheSize: 12_288 })).toThrow("no power of two");
  });
});

test("a case is shown step by step, and its answer record by record", () => {
  const source = { requirements: ["SESSION-4"], why: "", ramSize: 2 * PAGE, cacheSize: PAGE, steps: STEPS };
  const asked = new SendCase({ id: "a", section: "session/a" }, source);
  const { request, expected } = asked.text();
  expect(request).toEqual([
    "send a RAM of 8192 bytes, with a page cache of 4096 bytes",
    ...["write 0: 01", "round 1", "write 0: 02", "round 2", "write 0: 01", "round 3", "last stage (round 4)"],
  ]);
  expect(expected.join("\n")).toContain("a RAM with 1 page that is not all zero");
  const shown = asked.answerText({ kind: "stream", stream: sent(...first, second, third) }).join("\n");
  expect(shown).toContain('xbzrle "ram" 0 continue, 3 bytes: 000101');
});
