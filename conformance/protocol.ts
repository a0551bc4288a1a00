/**
 * The lines that harness and adapter exchange, version 1 of the protocol in `docs/adapter.md`.
 * This module only turns requests into lines and lines into answers; it starts nothing and judges nothing.
 */

import type { GuestStep, RamPage } from "../vectors/index.ts";
import { writeHex } from "./hex/digits.ts";

/** The version that the harness says hello with. */
export const PROTOCOL_VERSION = 1;

/** The longest answer line that the harness reads, in bytes without the line end. */
export const MAX_ANSWER_BYTES = 1 << 24;

/** The longest request id, in characters. */
export const MAX_ID_LENGTH = 64;

/** The longest reason in an answer that is kept, in characters. */
const MAX_REASON_LENGTH = 500;

/** The size of a page of an answer `ram`, in bytes. */
export const RAM_PAGE_BYTES = 4096;

/** The operations that an adapter may offer. */
const OPERATIONS = ["encode", "decode", "receive", "send"] as const;

/** Character codes. */
const [LF, SPACE, MINUS] = [0x0a, 0x20, 0x2d];

/** One operation of an adapter. */
export type Operation = (typeof OPERATIONS)[number];

/** Asks for the delta of a pair of pages of one size; `capacity` is the room for it in bytes. */
export interface EncodeRequest {
  readonly operation: "encode";
  readonly capacity: number;
  readonly oldPage: Uint8Array;
  readonly newPage: Uint8Array;
}

/** Asks for the new page that a delta makes of the old page. */
export interface DecodeRequest {
  readonly operation: "decode";
  readonly oldPage: Uint8Array;
  readonly delta: Uint8Array;
}

/** What is asked of a codec. */
export type CodecRequest = EncodeRequest | DecodeRequest;

/** Asks for the RAM of `ramSize` bytes, all zero before, that a whole migration stream makes. */
export interface ReceiveRequest {
  readonly operation: "receive";
  readonly ramSize: number;
  readonly stream: Uint8Array;
}

/**
 * Asks for the whole stream that sends a guest with a RAM of `ramSize` bytes, all zero before the first step. After the last step the guest
 * is stopped. XBZRLE is on, with a page cache of `cacheSize` bytes.
 */
export interface SendRequest {
  readonly operation: "send";
  readonly ramSize: number;
  readonly cacheSize: number;
  readonly steps: readonly GuestStep[];
}

/** What the harness asks. */
export type Request = CodecRequest | ReceiveRequest | SendRequest;

/** What an adapter answers to one request. */
export type Answer =
  | { readonly kind: "delta"; readonly delta: Uint8Array }
  | { readonly kind: "page"; readonly page: Uint8Array }
  | {
      readonly kind: "ram";
      /** Whole pages of {@link RAM_PAGE_BYTES} that are not all zero, in rising order of address. */
      readonly pages: readonly RamPage[];
    }
  | { readonly kind: "stream"; readonly stream: Uint8Array }
  | { readonly kind: "unchanged" | "overflow" }
  | { readonly kind: "malformed" | "unsupported" | "error"; readonly reason: string };

/** An answer line that follows the protocol, or what is wrong with the line. */
export type AnswerLine =
  | { readonly kind: "answer"; readonly id: string; readonly answer: Answer }
  | { readonly kind: "invalid"; readonly what: string };

/** How an adapter introduces itself. */
export interface Hello {
  readonly name: string;
  readonly version: string;
  readonly operations: readonly Operation[];
}

/** A line of ASCII text, and behind it fields of bytes, each after a space; a minus stands for no bytes. */
interface Line {
  readonly text: string;
  readonly fields: readonly Uint8Array[];
}

/** How many bytes the request has as a line, ended by LF. */
export function requestLineSize(id: string, request: Request): number {
  const { text, fields } = requestLine(id, request);
  return fields.reduce((sum, bytes) => sum + 1 + Math.max(2 * bytes.length, 1), text.length + 1);
}

/** Writes the request as a line from an offset on, its bytes in lower-case hexadecimal; gives the offset behind the LF. */
export function writeRequestLine(target: Buffer, offset: number, id: string, request: Request): number {
  const { text, fields } = requestLine(id, request);
  let end = offset + target.write(text, offset, "latin1");
  for (const field of fields) {
    target[end++] = SPACE;
    if (field.length === 0) target[end++] = MINUS;
    writeHex(target, end, field);
    end += 2 * field.length;
  }
  target[end] = LF;
  return end + 1;
}

function requestLine(id: string, request: Request): Line {
  switch (request.operation) {
    case "encode":
      return { text: `${id} encode ${request.capacity}`, fields: [request.oldPage, request.newPage] };
    case "decode":
      return { text: `${id} decode`, fields: [request.oldPage, request.delta] };
    case "receive":
      return { text: `${id} receive ${request.ramSize}`, fields: [request.stream] };
    case "send": {
      const { ramSize, cacheSize, steps } = request;
      return { text: [id, "send", ramSize, cacheSize, ...steps.map(stepField)].join(" "), fields: [] };
    }
  }
}

/** The line that the harness begins with. */
export const HELLO_LINE = `hello ${PROTOCOL_VERSION}\n`;

/** Reads the answer to {@link HELLO_LINE}; a string says what is wrong with it. */
export function parseHello(line: string): Hello | string {
  const [word, version, name, implementationVersion, ...offered] = withoutCr(line).split(" ");
  if (word !== "hello") return "it does not begin with the word hello";
  if (version !== String(PROTOCOL_VERSION)) return `it speaks version ${quote(version ?? "")}, not ${PROTOCOL_VERSION}`;
  if (!name || !implementationVersion) return "it lacks the implementation's name or version";
  const unprintable = [name, implementationVersion].find((token) => !/^[!-~]+$/.test(token));
  if (unprintable !== undefined) return `${quote(unprintable)} is not printable ASCII`;
  const unknown = offered.find((operation) => !isOperation(operation));
  if (unknown !== undefined) return `${quote(unknown)} is no operation; the operations are ${OPERATIONS.join(", ")}`;
  return { name, version: implementationVersion, operations: offered.filter(isOperation) };
}

/** The kinds of answer that each operation may have besides `unsupported` and `error`. */
const ANSWERS: Readonly<Record<Request["operation"], readonly Answer["kind"][]>> = {
  encode: ["delta", "unchanged", "overflow"],
  decode: ["page", "malformed"],
  receive: ["ram", "malformed"],
  send: ["stream"],
};

/** True if an answer of this kind may be given to the operation. */
export function answersOperation(kind: Answer["kind"], operation: Request["operation"]): boolean {
  return kind === "unsupported" || kind === "error" || ANSWERS[operation].includes(kind);
}

/** Reads one line from the adapter, without its LF. */
export function parseAnswer(text: string): AnswerLine {
  const line = withoutCr(text);
  const idEnd = line.indexOf(" ");
  if (line === "") return invalid("it is empty");
  if (idEnd < 1) return invalid("it is not an id, a space and an answer");
  const id = line.slice(0, idEnd);
  const kindEnd = line.indexOf(" ", idEnd + 1);
  if (id === "hello") return invalid("the handshake is over");
  const kind = kindEnd === -1 ? line.slice(idEnd + 1) : line.slice(idEnd + 1, kindEnd);
  const rest = kindEnd === -1 ? undefined : line.slice(kindEnd + 1);
  switch (kind) {
    case "delta":
    case "page":
    case "stream": {
      const bytes = parseBytes(rest);
      if (typeof bytes === "string") return invalid(`its bytes are not right: ${bytes}`);
      return { kind: "answer", id, answer: bytesAnswer(kind, bytes) };
    }
    case "ram": {
      const pages = parsePages(rest);
      if (typeof pages === "string") return invalid(`its pages are not right: ${pages}`);
      return { kind: "answer", id, answer: { kind, pages } };
    }
    case "unchanged":
    case "overflow":
      if (rest !== undefined) return invalid(`${kind} is the whole answer, and something follows it`);
      return { kind: "answer", id, answer: { kind } };
    case "malformed":
    case "unsupported":
    case "error":
      return { kind: "answer", id, answer: { kind, reason: legible(rest ?? "", MAX_REASON_LENGTH) } };
    default:
      return invalid(`${quote(kind)} is no answer`);
  }
}

function bytesAnswer(kind: "delta" | "page" | "stream", bytes: Uint8Array): Answer {
  switch (kind) {
    case "delta":
      return { kind, delta: bytes };
    case "page":
      return { kind, page: bytes };
    case "stream":
      return { kind, stream: bytes };
  }
}

/** The text in quotation marks, with control characters made visible and cut to `maxLength` characters. */
export function quote(text: string, maxLength = 80): string {
  return `"${legible(text, maxLength)}"`;
}

/** The first character of a text as a person can read it: `\x1b`. */
export function escaped(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** Latin-1 text with what is not printable ASCII escaped, and cut to `maxLength` characters. */
function legible(text: string, maxLength: number): string {
  const cut = text.length <= maxLength ? text : `${text.slice(0, maxLength)}...`;
  return cut.replace(/[^\x20-\x7e]/g, escaped);
}

/** The pages of an answer `ram`; a string says what is wrong with them. */
function parsePages(text: string | undefined): RamPage[] | string {
  const pages: RamPage[] = [];
  let leastAddress = 0;
  for (const field of text === undefined ? [] : text.split(" ")) {
    const [, digits, hexadecimal] = /^(\d{1,15}):(.*)$/.exec(field) ?? [];
    if (digits === undefined) return `${quote(field, 20)} is not an offset, a colon and a page`;
    const address = Number(digits);
    const page = parseBytes(hexadecimal);
    if (address % RAM_PAGE_BYTES !== 0) return `the offset ${address} is no multiple of ${RAM_PAGE_BYTES}`;
    if (address < leastAddress) return `the offset ${address} does not rise`;
    if (typeof page === "string") return `at offset ${address} ${page}`;
    if (page.length !== RAM_PAGE_BYTES) return `at offset ${address} stand ${page.length} bytes, and no whole page`;
    if (page.every((byte) => byte === 0)) return `the page at offset ${address} is all zero, and not listed then`;
    pages.push({ address, page });
    leastAddress = address + 1;
  }
  return pages;
}

function parseBytes(text: string | undefined): Uint8Array | string {
  if (text === undefined || text === "") return 'there are none ("-" stands for no bytes)';
  if (text === "-") return new Uint8Array(0);
  const bytes = Buffer.from(text, "hex");
  // Node stops at the first pair that is not hexadecimal.
  if (bytes.length * 2 === text.length) return bytes;
  const pair = text.slice(bytes.length * 2, bytes.length * 2 + 2);
  if (/^[0-9a-f]$/i.test(pair)) return `${text.length} digits are not whole bytes`;
  return `${quote(pair)} is not a byte in hexadecimal`;
}

/** `r` for a round, `w:OFFSET:BYTES` for a write. */
function stepField(step: GuestStep): string {
  if (step.kind === "round") return "r";
  return `w:${step.offset}:${Buffer.from(step.bytes).toString("hex") || "-"}`;
}

function isOperation(word: string): word is Operation {
  return (OPERATIONS as readonly string[]).includes(word);
}

function invalid(what: string): AnswerLine {
  return { kind: "invalid", what };
}

function withoutCr(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
