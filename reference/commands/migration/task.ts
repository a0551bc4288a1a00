/**
 * What a command on migrations works with.
 */

import type { Patience } from "../../migration/patience.ts";
import type { StandardStreams } from "../streams.ts";

/** One run of a command. */
export interface MigrationTask {
  /** As it was given. */
  readonly uri: string;
  readonly streams: StandardStreams;
  /** How it waits for the other side; its signal ends the command. */
  readonly patience: Patience;
}
