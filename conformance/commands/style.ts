/**
 * Colour where it can be seen: on a terminal, unless NO_COLOR is set.
 */

import { styleText } from "node:util";
import type { OutputStream } from "../../reference/commands/streams.ts";
import type { Style } from "../report/case-text.ts";

/** The style for a stream. */
export function styleFor(stream: OutputStream): Style {
  return (format, text) => styleText(format, text, { stream });
}
