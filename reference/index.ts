/**
 * The reference implementation of XBZRLE: docs/xbzrle, executable.
 *
 * `encodeDelta` and `applyDelta` are the two directions of chapter delta.md, and an arena does them for many pages at
 * once; `deltaRuns` and `dumpDelta` show what a delta says. `StreamReader` and `StreamWriter` are the two directions of record.md and stream.md; `receiveStream` applies
 * a stream to memory. `CompressionThreads` and `receiveStreamInThreads` are those of compressed.md.
 *
 * @packageDocumentation
 */

export { fromHex, toHex } from "./bytes.ts";
export { applyDelta, codecName, createArena, encodeDelta } from "./codec.ts";
export { applyCompressed, type Decompressed } from "./compressed/apply.ts";
export { type CompressedPage, type CompressionOptions, CompressionThreads } from "./compressed/compress.ts";
export { receiveStreamInThreads, ThreadedGuestVisitor } from "./compressed/decompress.ts";
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
export { StreamReader, type StreamReaderOptions } from "./stream/read.ts";
export { type Decompress, type Guest, receiveStream } from "./stream/receive.ts";
export type { Section, SectionItem, StreamVisitor, Subsection } from "./stream/stream.ts";
export { StreamWriter } from "./stream/write.ts";
