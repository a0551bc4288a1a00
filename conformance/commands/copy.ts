/**
 * `xbzrle-conformance copy`: the vectors as one folder of plain files, for those who cannot run an adapter.
 */

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { printOutput, type StandardStreams, UsageError } from "../../reference/commands/streams.ts";
import { packageFolder, packageVersion } from "../../spec/package.ts";
import {
  type DecodeOutcome,
  type EncodeOutcome,
  loadReceiveVectors,
  loadSendVectors,
  loadVectors,
  type RamPage,
  type ReceiveOutcome,
  type ReceiveVector,
  type SendVector,
  type Vector,
} from "../../vectors/index.ts";
import { vectorsDigest } from "../report/vectors-digest.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";

/** Writes manifest, raw bytes and JSON into a new or empty folder. */
export async function copyCommand(folder: string, streams: StandardStreams): Promise<ExitStatus> {
  if (existsSync(folder) && readdirSync(folder).length !== 0) {
    throw new UsageError(`${folder} is not empty; name a new folder`);
  }
  const bytes = new ByteFiles(join(folder, "bytes"));
  const cases = [
    ...loadVectors().map((vector) => manifestCase(vector, bytes)),
    ...loadReceiveVectors().map((vector) => receiveCase(vector, bytes)),
    ...loadSendVectors().map((vector) => sendCase(vector, bytes)),
  ];
  cpSync(join(packageFolder, "vectors/json"), join(folder, "json"), { recursive: true });
  cpSync(join(packageFolder, "spec/vector.schema.json"), join(folder, "vector.schema.json"));
  const head = { formatVersion: 1, version: packageVersion, vectors: vectorsDigest(), readme: README };
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify({ ...head, cases }, null, 1)}\n`);
  await printOutput(streams.stdout, `${cases.length} cases and ${bytes.count} files of bytes are in ${folder}\n`);
  return EXIT_STATUS.conformant;
}

const README =
  "Each case asks an encoder for oldPage, newPage and capacity, or a decoder for oldPage and delta, or gives a receiver with machine " +
  "type none and one RAM block, ram, of ramSize zeros, the stream, or has a sender with a page cache of cacheSize send such a guest, which " +
  "does the steps: a write at an offset, or a round of the sender; the pages of an outcome ram or stream are all that are not all zero then. An outcome that is not listed " +
  "breaks a MUST; one of level required breaks a SHOULD; a delta without a file is any well-formed one that fits and gives newPage. " +
  "The bytes of a file are in bytes/, under the first 32 digits of their SHA-256.";

/** Files of bytes under the name of their digest, each written once. */
class ByteFiles {
  readonly #folder: string;
  readonly #written = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** How many files there are. */
  get count(): number {
    return this.#written.size;
  }

  /** Keeps the bytes, and gives the name of their file. */
  keep(bytes: Uint8Array): string {
    const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}.bin`;
    if (!this.#written.has(name)) writeFileSync(join(this.#folder, name), bytes);
    this.#written.add(name);
    return name;
  }
}

function manifestCase(vector: Vector, files: ByteFiles): object {
  const { id, operation, requirements, why, after, pageSize } = vector;
  const head = { id, operation, requirements, why, ...(after.length !== 0 && { after }), pageSize };
  const oldPage = files.keep(vector.oldPage);
  if (vector.operation === "encode") {
    const { capacity } = vector;
    const accept = vector.accept.map((outcome) => manifestOutcome(outcome, files));
    return { ...head, oldPage, newPage: files.keep(vector.newPage), capacity, accept };
  }
  const accept = vector.accept.map((outcome) => manifestOutcome(outcome, files));
  return { ...head, oldPage, delta: files.keep(vector.delta), accept };
}

function receiveCase(vector: ReceiveVector, files: ByteFiles): object {
  const { id, operation, requirements, why, ramSize, stream } = vector;
  const accept = vector.accept.map((outcome) => ramOutcome(outcome, files));
  return { id, operation, requirements, why, ramSize, stream: files.keep(stream), accept };
}

function sendCase(vector: SendVector, files: ByteFiles): object {
  const { id, operation, requirements, why, ramSize, cacheSize, steps, accept } = vector;
  const stepsThere = steps.map((step) => (step.kind === "round" ? step : { ...step, bytes: files.keep(step.bytes) }));
  const outcomes = accept.map(({ level, kind, pages }) => ({ level, kind, pages: pageFiles(pages, files) }));
  return { id, operation, requirements, why, ramSize, cacheSize, steps: stepsThere, accept: outcomes };
}

function pageFiles(pages: readonly RamPage[], files: ByteFiles): object[] {
  return pages.map(({ address, page }) => ({ address, page: files.keep(page) }));
}

function ramOutcome(outcome: ReceiveOutcome, files: ByteFiles): object {
  if (outcome.kind === "malformed") return outcome;
  const { level, kind, pages } = outcome;
  return { level, kind, pages: pageFiles(pages, files) };
}

function manifestOutcome(outcome: EncodeOutcome | DecodeOutcome, files: ByteFiles): object {
  const { level, kind } = outcome;
  if (outcome.kind === "delta" && outcome.delta) return { level, kind, delta: files.keep(outcome.delta) };
  if (outcome.kind === "page") return { level, kind, newPage: files.keep(outcome.newPage) };
  return outcome.kind === "malformed" && outcome.fault ? { level, kind, fault: outcome.fault } : { level, kind };
}
