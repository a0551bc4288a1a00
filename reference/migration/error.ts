/**
 * What goes wrong between two sides of a migration, and is neither the caller's fault nor the stream's.
 */

/** A channel could not be opened, broke, or stood still. The message says which URI, what happened, and what to do. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";
}
