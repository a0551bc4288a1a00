import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import {
  MAX_ID_LENGTH,
  parseAnswer,
  parseHello,
  quote,
  type Request,
  requestLineSize,
  writeRequestLine,
} from "./protocol.ts";

const page = Uint8Array.of(0, 0xab, 0xff);

/** The line, which has exactly the size that is told before. */
const lineText = (id: string, request: Request) => {
  const bytes = Buffer.alloc(requestLineSize(id, request));
  expect(writeRequestLine(bytes, 0, id, request)).toBe(bytes.length);
  return bytes.toString("latin1");
};

const PAGE_OF_ONES = "01".repeat(4096);

test("a request is one line of lower-case hexadecimal, in which a minus stands for no bytes", () => {
  expect(lineText("a", { operation: "encode", capacity: 4, oldPage: page, newPage: page })).toBe(
    "a encode 4 00abff 00abff\n",
  );
  expect(lineText("a/b:1", { operation: "decode", oldPage: page, delta: new Uint8Array(0) })).toBe(
    "a/b:1 decode 00abff -\n",
  );
});

test("a guest for a sender is one line of its steps", () => {
  const steps = [{ kind: "write", offset: 4095, bytes: page }, { kind: "round" }] as const;
  const request = { operation: "send", ramSize: 8192, cacheSize: 4096 } as const;
  expect(lineText("a", { ...request, steps })).toBe("a send 8192 4096 w:4095:00abff r\n");
  expect(lineText("a", { ...request, steps: [] })).toBe("a send 8192 4096\n");
});

property.prop([fc.uint8Array(), fc.nat(3)])(
  "each byte is two digits, wherever the bytes lie in memory",
  (bytes, start) => {
    const window = bytes.subarray(start);
    const line = lineText("a", { operation: "receive", ramSize: 0, stream: window });
    expect(line).toBe(`a receive 0 ${Buffer.from(window).toString("hex") || "-"}\n`);
  },
);

test.each([
  ["hello 1 mine 0.1 encode decode", ["encode", "decode"]],
  ["hello 1 mine 0.1 decode\r", ["decode"]],
  ["hello 1 mine 0.1 send receive", ["send", "receive"]],
  ["hello 1 mine 0.1", []],
])("a greeting is read: %j", (line, operations) => {
  expect(parseHello(line)).toEqual({ name: "mine", version: "0.1", operations });
});

test.each([
  ["", "does not begin with the word hello"],
  ["Hello 1 mine 0.1", "does not begin with the word hello"],
  ["hello", 'version "", not 1'],
  ["hello 2 mine 0.1 encode", 'version "2", not 1'],
  ["hello 1 mine", "name or version"],
  ["hello 1  0.1 encode", "name or version"],
  ["hello 1 m\xfcne 0.1 encode", '"m\\xfcne" is not printable ASCII'],
  ["hello 1 mine 0.1 encode ", '"" is no operation'],
  ["hello 1 mine 0.1 ENCODE", '"ENCODE" is no operation'],
])("a greeting that is none is told: %j", (line, what) => {
  expect(parseHello(line)).toContain(what);
});

test.each([
  ["a delta 020109", { kind: "delta", delta: Uint8Array.of(2, 1, 9) }],
  ["a delta -", { kind: "delta", delta: new Uint8Array(0) }],
  ["a page AbCd", { kind: "page", page: Uint8Array.of(0xab, 0xcd) }],
  ["a page 00\r", { kind: "page", page: new Uint8Array(1) }],
  ["a ram", { kind: "ram", pages: [] }],
  [`a ram 4096:${PAGE_OF_ONES}`, { kind: "ram", pages: [{ address: 4096, page: new Uint8Array(4096).fill(1) }] }],
  ["a stream 51", { kind: "stream", stream: Uint8Array.of(0x51) }],
  ["a stream -", { kind: "stream", stream: new Uint8Array(0) }],
  ["a unchanged", { kind: "unchanged" }],
  ["a overflow\r", { kind: "overflow" }],
  ["a malformed", { kind: "malformed", reason: "" }],
  ["a unsupported page size 3", { kind: "unsupported", reason: "page size 3" }],
  ["a error \x1b[1m\xe9", { kind: "error", reason: "\\x1b[1m\\xe9" }],
])("an answer is read: %j", (line, answer) => {
  const parsed = parseAnswer(line);
  expect(parsed).toMatchObject({ kind: "answer", id: "a", answer: { kind: answer.kind } });
  // Compared as they are printed: a Buffer is a Uint8Array, and no equal one.
  expect(JSON.stringify(parsed, bytesAsArray)).toBe(JSON.stringify({ kind: "answer", id: "a", answer }, bytesAsArray));
});

test.each([
  ["", "it is empty"],
  ["\r", "it is empty"],
  ["a", "not an id, a space and an answer"],
  [" a unchanged", "not an id, a space and an answer"],
  ["a ", '"" is no answer'],
  ["a  unchanged", '"" is no answer'],
  ["a Unchanged", '"Unchanged" is no answer'],
  ["a unchanged ", "something follows it"],
  ["a ram ", '"" is not an offset, a colon and a page'],
  ["a ram 0", '"0" is not an offset, a colon and a page'],
  ["a ram 0:", "at offset 0 there are none"],
  ["a ram 0:0101", "at offset 0 stand 2 bytes, and no whole page"],
  [`a ram 1:${PAGE_OF_ONES}`, "the offset 1 is no multiple of 4096"],
  [`a ram 4096:${PAGE_OF_ONES} 4096:${PAGE_OF_ONES}`, "the offset 4096 does not rise"],
  [`a ram 0:${"00".repeat(4096)}`, "the page at offset 0 is all zero"],
  ["a delta", "there are none"],
  ["a delta ", "there are none"],
  ["a delta 0", "1 digits are not whole bytes"],
  ["a delta 000", "3 digits are not whole bytes"],
  ["a delta 0x00", '"0x" is not a byte'],
  ["a delta 00 00", '" 0" is not a byte'],
  ["a delta --", '"--" is not a byte'],
  ["a delta 00\xff\xff", '"\\xff\\xff" is not a byte'],
  ["hello 1 mine 0.1", "the handshake is over"],
])("a line that is no answer is told: %j", (line, what) => {
  expect(parseAnswer(line)).toEqual({ kind: "invalid", what: expect.stringContaining(what) });
});

test("a reason is kept up to a length that a report can hold", () => {
  expect(parseAnswer(`a error ${"x".repeat(100_000)}`)).toMatchObject({ answer: { reason: `${"x".repeat(500)}...` } });
});

test("a quotation is printable ASCII, cut to its length", () => {
  expect(quote('a\0\n\x7f\xff"')).toBe('"a\\x00\\x0a\\x7f\\xff""');
  expect(quote("abcdef", 3)).toBe('"abc..."');
});

property.prop([fc.string({ unit: "binary" })])(
  "whatever the line, reading it throws nothing and tells printable ASCII",
  (line) => {
    const told = [parseAnswer(line), parseAnswer(`a ${line}`), parseHello(line), parseHello(`hello 1 ${line}`)];
    for (const reading of told) {
      if (typeof reading === "string") expect(reading).toMatch(/^[ -~]+$/);
      else if ("what" in reading) expect(reading.what).toMatch(/^[ -~]+$/);
    }
  },
);

property.prop([fc.uint8Array(), fc.stringMatching(/^[A-Za-z0-9._:/-]{1,64}$/)])(
  "bytes and ids come back as they were sent",
  (bytes, id) => {
    expect(id.length).toBeLessThanOrEqual(MAX_ID_LENGTH);
    const sent = lineText(id, { operation: "decode", oldPage: bytes, delta: bytes }).trimEnd().split(" ");
    const parsed = parseAnswer(`${sent[0]} page ${sent[3]}`);
    expect(parsed).toMatchObject(
      id === "hello" ? { kind: "invalid" } : { kind: "answer", id, answer: { kind: "page" } },
    );
    if (parsed.kind !== "answer" || parsed.answer.kind !== "page") return;
    expect(Buffer.compare(parsed.answer.page, bytes)).toBe(0);
  },
);

function bytesAsArray(_: string, value: unknown): unknown {
  const isBuffer = typeof value === "object" && value !== null && "type" in value && value.type === "Buffer";
  if (isBuffer) return (value as unknown as { data: number[] }).data;
  return value instanceof Uint8Array ? [...value] : value;
}
