/**
 * The two files that a captured stream is stored as: `<name>.stream.gz`, compressed with gzip, and `<name>.json`, where it
 * comes from.
 */

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { packageFolder } from "../../spec/package.ts";
import { CaptureError } from "./capture-error.ts";
import type { Region } from "./guest.ts";
import type { CapturedStream } from "./migrate.ts";

/** The folder of the streams that are checked in. */
export const STREAMS_FOLDER: string = join(packageFolder, "vectors/bin/streams");

/** What `<name>.json` holds. */
export interface StreamProvenance {
  readonly name: string;
  /** The capabilities that were on. */
  readonly capabilities: readonly string[];
  /** What the guest does. */
  readonly description: string;
  /** The version that QEMU stated. */
  readonly qemuVersion: string;
  /** The command that ran the guest; `{folder}` stands for a temporary folder. */
  readonly command: readonly string[];
  /** The day of the capture, `YYYY-MM-DD` in UTC. */
  readonly takenAt: string;
  /** What `query-migrate` said of the RAM. */
  readonly statistics: unknown;
  readonly byteCount: number;
  /** SHA-256 of the stream, hexadecimal. */
  readonly sha256: string;
  /** The memory that a receiver has to hold: ranges of the block `pc.ram`, with the SHA-256 of their bytes. */
  readonly memory: readonly (Region & { readonly sha256: string })[];
}

/** A stream as it is stored. */
export interface StoredStream {
  readonly provenance: StreamProvenance;
  readonly stream: Uint8Array;
}

/** Writes the two files to the folder and resolves to the size of the larger; rejects with the errors of `node:fs`. */
export async function writeStream(folder: string, captured: CapturedStream): Promise<number> {
  const { migration, guest, qemuVersion, command, statistics, stream, memory } = captured;
  const provenance: StreamProvenance = {
    name: migration.name,
    capabilities: migration.capabilities,
    description: guest.description,
    qemuVersion,
    command,
    takenAt: new Date().toISOString().slice(0, 10),
    statistics,
    byteCount: stream.length,
    sha256: digestOf(stream),
    memory: guest.regions.map((region, index) => ({ ...region, sha256: digestOf(memory[index]!) })),
  };
  const compressed = gzipSync(stream, { level: 9 });
  await writeFile(join(folder, `${migration.name}.stream.gz`), compressed);
  await writeFile(join(folder, `${migration.name}.json`), `${JSON.stringify(provenance, null, 2)}\n`);
  return compressed.length;
}

/** Reads the two files back. Rejects with `CaptureError` `stored-differs` if they do not agree. */
export async function readStream(folder: string, name: string): Promise<StoredStream> {
  const provenance: StreamProvenance = JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"));
  const stream = gunzipSync(await readFile(join(folder, `${name}.stream.gz`)));
  if (digestOf(stream) === provenance.sha256) return { provenance, stream };
  throw new CaptureError(
    "stored-differs",
    `${name}.stream.gz has not the SHA-256 that is stated, ${provenance.sha256}`,
  );
}

/** The SHA-256 of bytes, hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
