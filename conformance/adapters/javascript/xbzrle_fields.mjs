/** The lines of the adapter protocol, version 1, and their fields: numbers, bytes, steps of a guest, and pages of a RAM. Part of xbzrle_adapter.mjs. */

const SPACE = 0x20;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Splits a stream into lines, without the LF or CRLF. Only what is after the last LF can be incomplete.
 *
 * @param {AsyncIterable<Buffer>} input
 * @returns {AsyncGenerator<{ line: Buffer, isComplete: boolean }>}
 */
export async function* readLines(input) {
  /** @type {Buffer[]} */
  let pieces = [];
  for await (const chunk of input) {
    let lineStart = 0;
    let lineEnd = chunk.indexOf(LF);
    while (lineEnd !== -1) {
      pieces.push(chunk.subarray(lineStart, lineEnd));
      yield { line: joinLine(pieces), isComplete: true };
      pieces = [];
      lineStart = lineEnd + 1;
      lineEnd = chunk.indexOf(LF, lineStart);
    }
    if (lineStart < chunk.length) pieces.push(chunk.subarray(lineStart));
  }
  if (0 < pieces.length) yield { line: joinLine(pieces), isComplete: false };
}

/** @param {Buffer[]} pieces */
function joinLine(pieces) {
  const line = Buffer.concat(pieces);
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}

/** A request that the protocol does not allow; the message says why. */
export class UnparsableError extends Error {}

/** @param {Buffer} line */
export function splitFields(line) {
  const fields = [];
  let fieldStart = 0;
  let fieldEnd = line.indexOf(SPACE);
  while (fieldEnd !== -1) {
    fields.push(line.subarray(fieldStart, fieldEnd));
    fieldStart = fieldEnd + 1;
    fieldEnd = line.indexOf(SPACE, fieldStart);
  }
  fields.push(line.subarray(fieldStart));
  return fields;
}

/** @param {Buffer} field */
export function readNumber(field) {
  const digits = field.toString("latin1");
  // Not Number() alone, which takes "0x10" and "1e3" too. 64 bits have at most 20 digits.
  if (!/^[0-9]{1,20}$/.test(digits)) throw new UnparsableError(`not an unsigned decimal number: ${digits}`);
  return Number(digits);
}

const NO_DIGIT = 0xff;

/** From the character code of a hexadecimal digit to its value. */
const DIGIT_VALUES = new Uint8Array(256).fill(NO_DIGIT);
for (const digit of "0123456789abcdefABCDEF") DIGIT_VALUES[digit.charCodeAt(0)] = Number.parseInt(digit, 16);

/**
 * @param {Buffer} field
 * @returns {Uint8Array} not a Buffer, whose slice() is no copy
 */
export function readBytes(field) {
  if (field.length === 0) throw new UnparsableError("an empty field; no bytes are written as -");
  if (field.toString("latin1", 0, 2) === "-") return new Uint8Array(0);
  if (field.length % 2 === 1) throw new UnparsableError("not bytes in hexadecimal: an odd number of digits");

  const bytes = new Uint8Array(field.length / 2);
  let allDigits = 0;
  for (let offset = 0; offset < bytes.length; offset++) {
    const high = DIGIT_VALUES[field[2 * offset] ?? 0] ?? NO_DIGIT;
    const low = DIGIT_VALUES[field[2 * offset + 1] ?? 0] ?? NO_DIGIT;
    allDigits |= high | low;
    bytes[offset] = (high << 4) | low;
  }
  if (0x0f < allDigits) throw new UnparsableError("not bytes in hexadecimal: not a digit");
  return bytes;
}

/**
 * A step of the guest of a sender: a round of the sender, or bytes that the guest writes at an offset of its RAM.
 *
 * @typedef {{ kind: "round" } | { kind: "write", offset: number, bytes: Uint8Array }} Step
 */

/**
 * @param {Buffer} field `r`, or `w:OFFSET:BYTES`
 * @param {number} ramSize
 * @returns {Step}
 */
export function readStep(field, ramSize) {
  if (field.toString("latin1") === "r") return { kind: "round" };
  const offsetEnd = field.indexOf(":", 2);
  if (field.toString("latin1", 0, 2) !== "w:" || offsetEnd === -1) {
    throw new UnparsableError(`neither r nor w:OFFSET:BYTES: ${field.toString("latin1", 0, 40)}`);
  }
  const offset = readNumber(field.subarray(2, offsetEnd));
  const bytes = readBytes(field.subarray(offsetEnd + 1));
  if (ramSize < offset + bytes.length) {
    throw new UnparsableError(`a write of ${bytes.length} bytes at ${offset} of a RAM of ${ramSize}`);
  }
  return { kind: "write", offset, bytes };
}

/** @param {Uint8Array} bytes */
export function writeBytes(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex") || "-";
}

/**
 * @param {string} reason
 * @returns {string} the reason as printable ASCII that fits a line
 */
export function oneLine(reason) {
  return reason
    .replace(/[^ -~]+/g, " ")
    .slice(0, 300)
    .trim();
}

const RAM_PAGE_BYTES = 4096;

/**
 * @param {Uint8Array} ram
 * @returns {string[]} the pages that are not all zero, each with its offset
 */
export function writePages(ram) {
  const pages = [];
  for (let offset = 0; offset < ram.length; offset += RAM_PAGE_BYTES) {
    const page = ram.subarray(offset, offset + RAM_PAGE_BYTES);
    if (page.some((byte) => byte !== 0)) pages.push(`${offset}:${writeBytes(page)}`);
  }
  return pages;
}
