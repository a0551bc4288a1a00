/**
 * What an implementation claims to be: who offers no operation of a class, such as *receiver*, is none, and its verdict is about the rest.
 */

import { FUZZ_SECTION } from "../suites/fuzz-ids.ts";
import { totalCount } from "./counts.ts";
import type { RunReport } from "./model.ts";

/** The operations of each kind of implementation. One that offers some of a kind is asked for all of it. */
const KINDS = [["encode", "decode"], ["receive"], ["send"]] as const;

/** The chapters that are asked by `receive`. */
const RECEIVER_CHAPTERS = ["record", "stream", "compressed"];

/** The chapter that is asked by `send`, and what is drawn for it. */
const SENDER_SECTIONS = ["session", `${FUZZ_SECTION}/send`];

/** The chapter that binds decompressing receivers alone, and what is drawn for it: who answers `unsupported` to all of the chapter is no such receiver. */
const DECOMPRESSING = "compressed";

/** What claims follow from. */
export type ClaimGrounds = Pick<RunReport, "sections"> & {
  readonly options: Pick<RunReport["options"], "operations">;
  readonly adapter: Pick<RunReport["adapter"], "operations">;
};

/** The operations that were asked for, without those of a kind of which none is offered; all of them if none is left. */
export function claimedOperations({ options, adapter }: Omit<ClaimGrounds, "sections">): readonly string[] {
  const isOffered = (operation: string) => adapter.operations.includes(operation);
  const claimed = options.operations.filter((operation) => {
    return KINDS.find((kind) => (kind as readonly string[]).includes(operation))?.some(isOffered) ?? true;
  });
  return claimed.length === 0 ? options.operations : claimed;
}

/** The operations that are claimed, in words: `encode, decode and receive`, and what the receiver is not. */
export function claimText(grounds: ClaimGrounds): string {
  const claimed = claimedOperations(grounds);
  const without = claimed.includes("receive") && isNotDecompressing(grounds) ? " (no compressed records)" : "";
  return `${new Intl.ListFormat("en-GB").format(claimed)}${without}`;
}

/** How many cases were unsupported because the implementation does not claim to be of their kind. */
export function unclaimedCount(grounds: ClaimGrounds): number {
  const claimed = claimedOperations(grounds);
  const unclaimed = grounds.sections.filter((section) => {
    const words = section.section.split("/");
    if (words.includes(DECOMPRESSING) && isNotDecompressing(grounds)) return true;
    return !kindOf(words).some((operation) => claimed.includes(operation));
  });
  return unclaimed.reduce((sum, { counts }) => sum + counts.unsupported, 0);
}

/** The operations by which a section is asked, by its words; those of a codec where no others are. */
function kindOf(words: readonly string[]): readonly string[] {
  const [chapter, ...rest] = words;
  if (SENDER_SECTIONS.includes(chapter!) || SENDER_SECTIONS.includes(words.join("/"))) return KINDS[2];
  const isOfReceivers = RECEIVER_CHAPTERS.includes(chapter!) || (chapter === FUZZ_SECTION && rest.length !== 0);
  return isOfReceivers ? KINDS[1] : KINDS[0];
}

/** True if every compressed record was answered by `unsupported`, and not everything else that a receiver is asked. */
function isNotDecompressing({ sections }: ClaimGrounds): boolean {
  const isUnsupported = (chapter: string) => {
    const asked = sections.filter(({ section }) => section.startsWith(`${chapter}/`));
    return asked.every(({ counts }) => counts.unsupported === totalCount(counts));
  };
  return isUnsupported(DECOMPRESSING) && !RECEIVER_CHAPTERS.every(isUnsupported);
}
