/**
 * The reference implementation of XBZRLE: docs/xbzrle, executable.
 *
 * `encodeDelta` and `applyDelta` are the two directions of chapter delta.md; `deltaRuns` and `dumpDelta` show what a
 * delta says.
 *
 * @packageDocumentation
 */

export { fromHex, toHex } from "./bytes.ts";
export { applyDelta } from "./delta/decode.ts";
export {
  type DumpLine,
  dumpDelta,
  dumpText,
  type FaultLine,
  type LengthLine,
  type LiteralsLine,
} from "./delta/dump.ts";
export { canonicalDelta, type EncodeOutcome, encodeDelta } from "./delta/encode.ts";
export { MAX_RUN_LENGTH } from "./delta/length.ts";
export { deltaRuns, type Nzrun, type Run, type Zrun } from "./delta/runs.ts";
export { DELTA_FAULTS, type DeltaFault, MalformedDeltaError } from "./errors.ts";
export { MAX_PAGE_SIZE } from "./page.ts";
