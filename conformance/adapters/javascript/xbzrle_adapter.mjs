/**
 * The adapter protocol, version 1, for an XBZRLE codec written in JavaScript or TypeScript (docs/adapter.md).
 *
 * One call makes a program an adapter; example.mjs is a whole one:
 *
 *     await run({ name: "mine", version: "1.0", encode, decode });
 *
 * Node 20 or later, no dependencies. Copy this file and xbzrle_fields.mjs beside your own.
 */

import { once } from "node:events";
import { inspect, types } from "node:util";
import {
  oneLine,
  readBytes,
  readLines,
  readNumber,
  readStep,
  splitFields,
  UnparsableError,
  writeBytes,
  writePages,
} from "./xbzrle_fields.mjs";

/**
 * What an encode function returns. The delta has 1 to `capacity` bytes.
 *
 * @typedef {{ kind: "unchanged" } | { kind: "delta", delta: Uint8Array } | { kind: "overflow" }} EncodeOutcome
 */

/**
 * A codec, and what it is called.
 *
 * `encode` gets two pages of one size. `decode` returns the whole new page, or throws to refuse the delta: a Malformed,
 * or an error of its own that `isMalformed` knows. All may throw Unsupported. What they get is theirs to keep or to
 * change. An operation that is not given is not offered.
 *
 * @typedef {object} Codec
 * @property {string} name printable ASCII without spaces
 * @property {string} version printable ASCII without spaces
 * @property {(oldPage: Uint8Array, newPage: Uint8Array, capacity: number) => EncodeOutcome} [encode]
 * @property {(oldPage: Uint8Array, delta: Uint8Array) => Uint8Array} [decode]
 * @property {(ramSize: number, stream: Uint8Array) => Uint8Array | Promise<Uint8Array>} [receive] gives the whole RAM, which
 *   was all zero before the stream, or throws to refuse the stream
 * @property {(ramSize: number, cacheSize: number, steps: import("./xbzrle_fields.mjs").Step[]) => Uint8Array} [send] gives the
 *   whole stream of a guest whose RAM was all zero before the first step, and which has stopped behind the last one
 * @property {(error: unknown) => boolean} [isMalformed]
 */

/** Thrown by a decode function to refuse a delta, or by a receive function a stream; the message is the reason. */
export class Malformed extends Error {
  /** @override */
  name = "Malformed";
}

/** Thrown by any of the functions for an input that it was not made for, such as a page size; the message is the reason. */
export class Unsupported extends Error {
  /** @override */
  name = "Unsupported";
}

/**
 * Answers the requests on standard input. Resolves when they have ended and every answer is written; the process then
 * ends with status 0 by itself. It ends early, with status 0 too, if nobody reads the answers any more.
 *
 * Whatever else the functions throw is answered as `error`, with the stack on standard error, and the adapter goes on.
 * Standard output belongs to the answers from this call on: console.log and process.stdout go to standard error.
 *
 * @param {Codec} codec
 * @returns {Promise<void>}
 * @throws {TypeError} if `name` or `version` is not a single token, or if there is no operation to offer
 */
export async function run(codec) {
  const hello = sayHello(codec);
  const write = claimStandardOutput();
  for await (const { line, isComplete } of readLines(process.stdin)) {
    const answer = await answerLine(line, isComplete, hello, codec);
    // The next request waits until this answer has left, so that a slow reader slows the adapter down.
    if (answer !== undefined) await write(`${answer}\n`);
    if (process.stderr.writableNeedDrain) await once(process.stderr, "drain").catch(() => {});
  }
}

/** @param {Codec} codec */
function sayHello({ name, version, encode, decode, receive, send }) {
  for (const token of [name, version]) {
    if (!/^[!-~]+$/.test(token)) throw new TypeError(`not a single token of printable ASCII: ${inspect(token)}`);
  }
  const operations = Object.entries({ encode, decode, receive, send });
  const offered = operations.flatMap(([operation, given]) => (given ? [operation] : []));
  if (offered.length === 0) throw new TypeError("no operation to offer: give encode, decode, receive or send");
  return ["hello 1", name, version, ...offered].join(" ");
}

/**
 * Leads all other writers of standard output to standard error.
 *
 * @returns {(text: string) => Promise<void>} writes to standard output, and resolves when the text has left
 */
function claimStandardOutput() {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = /** @type {typeof stdout.write} */ (stderr.write.bind(stderr));
  stdout.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
    // The harness has gone away, and there is nobody left to answer.
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  stderr.on("error", () => {});
  return (text) => new Promise((resolve) => write(text, "latin1", () => resolve()));
}

/**
 * @param {Buffer} line
 * @param {boolean} isComplete
 * @param {string} hello
 * @param {Codec} codec
 * @returns {Promise<string | undefined>} nothing, if there is nobody to address an answer to
 */
async function answerLine(line, isComplete, hello, codec) {
  if (line.toString("latin1", 0, 8) === "hello 1") return hello;
  const [requestId = "", operation = "", ...fields] = splitFields(line);
  if (!/^[A-Za-z0-9._:/-]{1,64}$/.test(requestId.toString("latin1"))) {
    console.error("xbzrle_adapter: a line without a request id is not answered");
    return undefined;
  }
  try {
    return `${requestId} ${await perform(operation.toString("latin1"), fields, codec)}`;
  } catch (error) {
    if (!(error instanceof UnparsableError)) throw error;
    // The end of the input has cut off a last line without LF.
    return isComplete ? `${requestId} error ${oneLine(error.message)}` : undefined;
  }
}

/**
 * @param {string} operation
 * @param {Buffer[]} fields those after the operation
 * @param {Codec} codec
 * @returns {Promise<string>} the answer without the id
 * @throws {UnparsableError}
 */
async function perform(operation, fields, codec) {
  if (operation === "") throw new UnparsableError("the request has no operation");
  try {
    if (operation === "encode" && codec.encode) return performEncode(fields, codec.encode);
    if (operation === "decode" && codec.decode) return performDecode(fields, codec.decode, codec.isMalformed);
    if (operation === "receive" && codec.receive) return await performReceive(fields, codec.receive, codec.isMalformed);
    if (operation === "send" && codec.send) return performSend(fields, codec.send);
    return `unsupported ${oneLine(`operation ${operation}`)}`;
  } catch (error) {
    if (error instanceof UnparsableError) throw error;
    if (error instanceof Unsupported) return `unsupported ${oneLine(error.message)}`.trimEnd();
    console.error(error);
    return `error ${oneLine(error instanceof Error ? String(error) : inspect(error))}`;
  }
}

/**
 * `encode <capacity> <old page> <new page>`
 *
 * @param {Buffer[]} fields
 * @param {NonNullable<Codec["encode"]>} encode
 */
function performEncode(fields, encode) {
  const [capacityField, oldPageField, newPageField] = fields;
  if (!capacityField || !oldPageField || !newPageField || 3 < fields.length) {
    throw new UnparsableError(`encode takes 3 fields, not ${fields.length}`);
  }
  const capacity = readNumber(capacityField);
  const oldPage = readBytes(oldPageField);
  const newPage = readBytes(newPageField);
  if (oldPage.length !== newPage.length) {
    throw new UnparsableError(`the old page has ${oldPage.length} bytes and the new page ${newPage.length}`);
  }

  const outcome = encode(oldPage, newPage, capacity);
  if (outcome?.kind === "unchanged" || outcome?.kind === "overflow") return outcome.kind;
  if (outcome?.kind !== "delta" || !types.isUint8Array(outcome.delta)) {
    return `error encode returned ${oneLine(inspect(outcome))}, which is no outcome`;
  }
  const { delta } = outcome;
  if (delta.length === 0) return "error encode returned an empty delta; equal pages are unchanged";
  if (capacity < delta.length) return `error encode returned ${delta.length} bytes for a capacity of ${capacity}`;
  return `delta ${writeBytes(delta)}`;
}

/**
 * `decode <old page> <delta>`
 *
 * @param {Buffer[]} fields
 * @param {NonNullable<Codec["decode"]>} decode
 * @param {Codec["isMalformed"]} isMalformed
 */
function performDecode(fields, decode, isMalformed) {
  const [oldPageField, deltaField] = fields;
  if (!oldPageField || !deltaField || 2 < fields.length) {
    throw new UnparsableError(`decode takes 2 fields, not ${fields.length}`);
  }
  const oldPage = readBytes(oldPageField);
  const delta = readBytes(deltaField);
  // Taken now: a codec may even transfer the buffer of its page away.
  const pageSize = oldPage.length;

  /** @type {Uint8Array} */
  let newPage;
  try {
    newPage = decode(oldPage, delta);
  } catch (error) {
    return refusal(error, isMalformed);
  }
  if (!types.isUint8Array(newPage)) return `error decode returned ${oneLine(inspect(newPage))}, which is no page`;
  if (newPage.length !== pageSize) return `error decode returned ${newPage.length} bytes for a page of ${pageSize}`;
  return `page ${writeBytes(newPage)}`;
}

/**
 * `receive <ram size> <stream>`
 *
 * @param {Buffer[]} fields
 * @param {NonNullable<Codec["receive"]>} receive
 * @param {Codec["isMalformed"]} isMalformed
 */
async function performReceive(fields, receive, isMalformed) {
  const [ramSizeField, streamField] = fields;
  if (!ramSizeField || !streamField || 2 < fields.length) {
    throw new UnparsableError(`receive takes 2 fields, not ${fields.length}`);
  }
  const ramSize = readNumber(ramSizeField);
  const stream = readBytes(streamField);

  /** @type {Uint8Array} */
  let ram;
  try {
    ram = await receive(ramSize, stream);
  } catch (error) {
    return refusal(error, isMalformed);
  }
  if (!types.isUint8Array(ram)) return `error receive returned ${oneLine(inspect(ram))}, which is no RAM`;
  if (ram.length !== ramSize) return `error receive returned ${ram.length} bytes for a RAM of ${ramSize}`;
  return ["ram", ...writePages(ram)].join(" ");
}

/**
 * `send <ram size> <cache size> <step>...`
 *
 * @param {Buffer[]} fields
 * @param {NonNullable<Codec["send"]>} send
 */
function performSend([ramSizeField, cacheSizeField, ...stepFields], send) {
  if (!ramSizeField || !cacheSizeField) throw new UnparsableError("send takes a RAM size, a cache size and steps");
  const ramSize = readNumber(ramSizeField);
  const cacheSize = readNumber(cacheSizeField);
  const stream = send(
    ramSize,
    cacheSize,
    stepFields.map((field) => readStep(field, ramSize)),
  );
  if (!types.isUint8Array(stream)) return `error send returned ${oneLine(inspect(stream))}, which is no stream`;
  return `stream ${writeBytes(stream)}`;
}

/**
 * @param {unknown} error
 * @param {Codec["isMalformed"]} isMalformed
 * @returns {string} the answer that refuses; what is no refusal is thrown again
 */
function refusal(error, isMalformed) {
  if (!(error instanceof Malformed) && !isMalformed?.(error)) throw error;
  return `malformed ${oneLine(error instanceof Error ? error.message : inspect(error))}`.trimEnd();
}
