/**
 * The reference implementation of XBZRLE: docs/xbzrle, executable.
 *
 * `encodeDelta` and `applyDelta` are the two directions of chapter delta.md, and an arena does them for many pages at
 * once; `deltaRuns` and `dumpDelta` show what a delta says. `StreamReader` and `StreamWriter` are the two directions of record.md and stream.md; `receiveStream` applies
 * a stream to memory. `CompressionThreads` and `receiveStreamInThreads` are those of compressed.md.
 * `Sender` and `Receiver` are a migration as session.md has it; `migrationStatus` and `infoMigrate` report on it.
 *
 * @packageDocumentation
 */

export { fromHex, toHex } from "./bytes.ts";
export { applyDelta, codecName, createArena, encodeDelta } from "./codec.ts";
export { applyCompressed, type Decompressed } from "./compressed/apply.ts";
export { type CompressionOptions, CompressionThreads } from "./compressed/compress.ts";
export {
  applyDecompressed,
  DecompressionThreads,
  receiveStreamInThreads,
  ThreadedGuestVisitor,
  ThreadedReader,
} from "./compressed/decompress.ts";
export type { ArenaShape, CodecArena } from "./delta/arena/arena.ts";
export { NO_DELTA } from "./delta/arena/kernel.ts";
export { encodeCompactDelta } from "./delta/compact.ts";
export {
  type DumpLine,
  dumpDelta,
  dumpText,
  type FaultLine,
  type LengthLine,
  type LiteralsLine,
} from "./delta/dump.ts";
export { canonicalDelta, type EncodeOutcome } from "./delta/encode.ts";
export { MAX_RUN_LENGTH } from "./delta/length.ts";
export { deltaRuns, type Nzrun, type Run, type Zrun } from "./delta/runs.ts";
export {
  DELTA_FAULTS,
  type DeltaFault,
  MalformedDeltaError,
  MalformedStreamError,
  quoteName,
  STREAM_FAULTS,
  type StreamFault,
  type StreamPlace,
} from "./errors.ts";
export { MAX_PAGE_SIZE } from "./page.ts";
export { applyRecord } from "./record/apply.ts";
export { newRecord, type RamBlock, type RamRecord, type RecordKind } from "./record/record.ts";
export { REPLACEMENT_NAMES, type ReplacementName } from "./session/cache/directory.ts";
export type { Counters } from "./session/counters.ts";
export { type EffectivenessEvent, effectivenessText } from "./session/effectiveness.ts";
export { type GuestMemory, pageCountOf } from "./session/guest-memory.ts";
export { infoMigrate, infoMigrateOf2011 } from "./session/info-migrate.ts";
export type { CompressedPage, PageCompressor } from "./session/page-compressor.ts";
export { PageSet } from "./session/page-set.ts";
export { DEFAULT_CACHE_SIZE, MAX_CACHE_SIZE, requireCacheSize } from "./session/parameters.ts";
export type { Period } from "./session/rates.ts";
export { newGuest, Receiver, type ReceiverStage } from "./session/receiver.ts";
export type { RoundFigures } from "./session/round-figures.ts";
export { Sender } from "./session/sender.ts";
export type { Progress, SenderOptions, SenderStage } from "./session/sender-options.ts";
export {
  type CompressionStatus,
  type MigrationStatus,
  type MigrationTimes,
  migrationStatus,
  type RamStatus,
  type Standing,
  type XbzrleStatus,
} from "./session/status.ts";
export { StreamReader, type StreamReaderOptions } from "./stream/read.ts";
export { type Decompress, type Guest, receiveStream } from "./stream/receive.ts";
export type { Section, SectionItem, StreamVisitor, Subsection } from "./stream/stream.ts";
export { StreamWriter } from "./stream/write.ts";
