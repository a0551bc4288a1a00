/**
 * What a sender is told and what it answers (docs/xbzrle/session.md).
 */

import type { ReplacementName } from "./cache/directory.ts";
import type { EffectivenessEvent } from "./effectiveness.ts";
import type { PageCompressor } from "./page-compressor.ts";

/** What an operator chooses. */
export interface SenderOptions {
  /** The capability `xbzrle`: off unless told. */
  readonly usesXbzrle?: boolean;
  /** The parameter `xbzrle-cache-size`, in bytes: 64 MiB unless told. */
  readonly cacheSizeBytes?: number;
  /** Which page makes room in the cache: `direct-mapped` unless told. */
  readonly replacement?: ReplacementName;
  /** Whether XBZRLE goes off where it does not pay: so it does, unless told. */
  readonly turnsItselfOff?: boolean;
  /** Whether pages are cached in the bulk stage too, as QEMU did before 1.5 (SESSION-11): not unless told. To measure what that costs. */
  readonly cachesInBulkStage?: boolean;
  /** What it costs to encode a page, in milliseconds, with nothing else done in that time: 0 unless told. */
  readonly encodeMsPerPage?: number;
  /** The capability `compress`: what compresses pages; off unless it is there. */
  readonly compressor?: PageCompressor;
  /** The parameter `compress-wait-thread`: a page waits for a free worker, unless told. */
  readonly waitsForCompressor?: boolean;
  /** Is told that XBZRLE has gone off or has come back. */
  readonly onEvent?: (event: EffectivenessEvent) => void;
}

/**
 * How far a call has got: all pages of the round, or the stream, are written; or as many bytes as it may; or the compressor has to
 * finish a page before it goes on.
 */
export type Progress = "complete" | "paused" | "waiting";

/** Where a migration stands. */
export type SenderStage = "not-started" | "running" | "last-stage" | "complete";
