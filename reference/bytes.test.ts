import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { fromHex, toHex } from "./bytes.ts";

property.prop([fc.uint8Array({ maxLength: 300 })])("hexadecimal is what Node says, and reads back", (bytes) => {
  const hex = toHex(bytes);
  expect(hex).toBe(Buffer.from(bytes).toString("hex"));
  expect(fromHex(hex)).toEqual(bytes);
  expect(fromHex(hex.toUpperCase())).toEqual(bytes);
});

property.prop([
  fc.uint8Array({ maxLength: 40 }),
  fc.nat(80),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
])("the first character that is no digit is named by its offset", (bytes, position, character) => {
  fc.pre(!/^[0-9a-f]/i.test(character));
  const hex = toHex(bytes);
  const offset = Math.min(position, hex.length);
  const faulty = `${hex.slice(0, offset)}${character}${hex.slice(offset)}`;
  const isEven = faulty.length % 2 === 0;
  // With an odd number of characters the last one stands alone, and is looked at last.
  expect(() => fromHex(isEven ? faulty : `${faulty}0`)).toThrow(`no hexadecimal digit at character ${offset}: `);
  expect(() => fromHex(faulty)).toThrow(RangeError);
});

test.each(["a", "abc"])("a last byte of one digit is refused: %s", (hex) => {
  expect(() => fromHex(hex)).toThrow(`hex ends at character ${hex.length}: the last byte has 1 of 2 digits`);
  expect(() => fromHex(`${hex.slice(1)}x`)).toThrow(`no hexadecimal digit at character ${hex.length - 1}: "x"`);
});

test("what is not bytes, or not text, is the caller's fault", () => {
  expect(() => toHex("00" as unknown as Uint8Array)).toThrow(new TypeError("bytes has to be a Uint8Array, not string"));
  expect(() => toHex(null as unknown as Uint8Array)).toThrow(new TypeError("bytes has to be a Uint8Array, not null"));
  expect(() => fromHex(7 as unknown as string)).toThrow(new TypeError("hex has to be a string, not number"));
});
