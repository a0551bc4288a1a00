/**
 * The option `--timeout` of migrations: how long the other side may stand still.
 */

import { Option } from "commander";
import { type Range, requireInRange } from "../../range.ts";
import { parseInteger } from "../numbers.ts";
import { asked } from "./failure.ts";

/** The one option that is no option of the guest, of QEMU, of the relay or of the images. */
export interface PatienceOptions {
  /** In seconds. */
  readonly timeout: number;
}

/** To more than three weeks; a timer knows no longer time. */
const TIMEOUTS: Range = { least: 1, most: 2_000_000 };

/** Gives the time in milliseconds; throws a UsageError for one that is none. */
export function stallMsOf({ timeout }: PatienceOptions): number {
  return 1000 * asked(() => requireInRange("timeout", timeout, TIMEOUTS));
}

/** Makes the option. */
export function timeoutOption(): Option {
  return new Option("--timeout <S>", "how long the other side may stand still, in seconds")
    .argParser(parseInteger)
    .default(60);
}
