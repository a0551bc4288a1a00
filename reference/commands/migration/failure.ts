/**
 * What goes wrong in a migration, as commands tell it.
 */

import { MalformedTraceError } from "../../guest/trace/trace.ts";
import { ChannelError } from "../../migration/error.ts";
import { RefusedError, UsageError } from "../streams.ts";

/**
 * Does what depends on what was asked for.
 *
 * @throws UsageError for what the caller is at fault for.
 */
export function asked<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message);
  }
}

/**
 * Gives what a command throws where a migration has failed.
 *
 * @param error - What the migration has thrown.
 * @returns A RefusedError for what others are at fault for; else the error itself.
 */
export function migrationFailure(error: unknown): unknown {
  const isOfOthers = error instanceof ChannelError || error instanceof MalformedTraceError;
  return isOfOthers ? new RefusedError(error.message) : error;
}
