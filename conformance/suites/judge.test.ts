import { describe, expect, test } from "vitest";
import type { DecodeOutcome, EncodeOutcome } from "../../vectors/index.ts";
import { judgeAnswer } from "../harness/case.ts";
import type { Answer, DecodeRequest, EncodeRequest } from "../protocol.ts";
import { decodeCase, encodeCase } from "./delta-cases.ts";
import { decodeOutcomes, encodeOutcomes } from "./fuzz-build.ts";

const HEAD = { id: "x", section: "x", why: "" };

function bytes(...items: readonly (number | readonly [byte: number, count: number])[]): Uint8Array {
  return Uint8Array.from(items.flatMap((item) => (typeof item === "number" ? [item] : Array(item[1]).fill(item[0]))));
}

/** What an encoder of the pages comes to. */
function encoded(request: Omit<EncodeRequest, "operation">, answer: Answer, accept?: readonly EncodeOutcome[]) {
  const asked: EncodeRequest = { operation: "encode", ...request };
  const head = { ...HEAD, requirements: ["DELTA-23"] };
  const judged = encodeCase(
    head,
    () => asked,
    () => accept ?? encodeOutcomes(asked),
  );
  return judgeAnswer(judged, answer, "");
}

/** What a decoder of a delta for a page of eight 5a comes to, in a case that is about another requirement. */
function decoded(delta: Uint8Array, answer: Answer, about = "DELTA-2", accept?: readonly DecodeOutcome[]) {
  const asked: DecodeRequest = { operation: "decode", oldPage: bytes([0x5a, 8]), delta };
  const head = { ...HEAD, requirements: [about] };
  const judged = decodeCase(
    head,
    () => asked,
    () => accept ?? decodeOutcomes(asked).accept,
  );
  return judgeAnswer(judged, answer, "");
}

describe("an encoder's delta with a length in a longer form", () => {
  const oldPage = new Uint8Array(20_000);
  const newPage = bytes([0, 19_999], 1);
  const bridged = bytes(0xff, 0x7f, 1, 0, 0x9f, 0x1c, 1, 1);
  const longer = bytes(0xff, 0x7f, 0x81, 0, 0, 0x9f, 0x1c, 1, 1);

  test("breaks DELTA-4 where there is no canonical delta too, and the shortest form breaks nothing", () => {
    const request = { oldPage, newPage, capacity: 100 };
    expect(encoded(request, { kind: "delta", delta: bridged }).verdict).toBe("pass");
    expect(encoded(request, { kind: "delta", delta: longer })).toMatchObject({
      verdict: "not-recommended",
      broken: "DELTA-4",
      difference: { what: "delta", offset: 2, expected: 0x01, got: 0x81 },
    });
  });

  test("breaks DELTA-4 where there is a canonical delta", () => {
    const request = { oldPage: bytes([0, 8]), newPage: bytes(0, 9, [0, 6]), capacity: 8 };
    expect(encoded(request, { kind: "delta", delta: bytes(1, 1, 9) }).verdict).toBe("pass");
    expect(encoded(request, { kind: "delta", delta: bytes(1, 0x81, 0, 9) }).broken).toBe("DELTA-4");
    expect(encoded(request, { kind: "delta", delta: bytes(0, 2, 0, 9) }).broken).toBe("DELTA-25");
  });
});

describe("the requirement that a failure names", () => {
  // Page offsets 0 and 1 are a zrun, 2 and 3 an nzrun, and 4 to 7 the tail.
  const delta = bytes(2, 2, 1, 2);

  test.each([
    ["DELTA-5", "a zrun", bytes(0x5a, 0, 1, 2, [0x5a, 4])],
    ["DELTA-6", "an nzrun", bytes([0x5a, 2], 0, 2, [0, 4])],
    ["DELTA-7", "the tail", bytes([0x5a, 2], 1, 2, 0x5a, 0, [0x5a, 2])],
    ["DELTA-7", "the tail, which is missing", bytes([0x5a, 2], 1, 2)],
  ])("is %s where the first wrong byte lies in %s", (broken, _, page) => {
    expect(decoded(delta, { kind: "page", page })).toMatchObject({ verdict: "fail", broken });
  });

  test("is DELTA-8 for a well-formed delta that is refused, but DELTA-9 in a case about it", () => {
    const refusal = { kind: "malformed", reason: "" } as const;
    expect(decoded(delta, refusal).broken).toBe("DELTA-8");
    expect(decoded(bytes(0, 1, 1), refusal, "DELTA-9").broken).toBe("DELTA-9");
  });

  test("is DELTA-10 for an empty delta that gives another page", () => {
    expect(decoded(bytes(), { kind: "page", page: bytes([0, 8]) }).broken).toBe("DELTA-10");
  });

  test.each([
    ["page", { kind: "page", page: bytes([0x5a, 8]) }],
    ["error", { kind: "error", reason: "wrote past the page of 8 bytes" }],
  ] as const)("is that of the fault for a malformed delta that is answered with %s", (_, answer) => {
    expect(decoded(bytes(0, 0), answer, "DELTA-11").broken).toBe("DELTA-17");
    expect(decoded(bytes(9, 1, 1), answer, "DELTA-11").broken).toBe("DELTA-15");
  });

  test.each([
    ["DELTA-26", "wrote past the capacity of 2 bytes"],
    ["DELTA-26", "returned 9 for a capacity of 8"],
    ["DELTA-26", "encode returned 9 bytes for a capacity of 8"],
    ["DELTA-26", "a delta of 9 bytes, the capacity is 8"],
    [undefined, "returned -7 for a capacity of 8"],
    [undefined, "returned 7 for a capacity of 8"],
    [undefined, "wrote before the capacity of 2 bytes"],
    [undefined, "changed its input"],
  ])("is %s for an encoder's error %s", (broken, reason) => {
    const request = { oldPage: bytes([0, 8]), newPage: bytes([1, 8]), capacity: 8 };
    expect(encoded(request, { kind: "error", reason })).toMatchObject({ verdict: "error" });
    expect(encoded(request, { kind: "error", reason }).broken).toBe(broken);
  });
});
