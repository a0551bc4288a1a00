/** Mistakes of encoders about which bytes are literals, and of which page: DELTA-23, DELTA-25. */

import type { EncodeRequest } from "../protocol.ts";
import { bridge, MAX_RUN_LENGTH, type Run } from "./encoder.ts";
import { encoding, type Mistake, preferring, theme } from "./mutant.ts";
import { merging, stretching } from "./shapes.ts";

type BytesOf = (run: Run, request: EncodeRequest) => Uint8Array;

/** The mutants of the theme. */
export const literals = theme("literals", [
  wrong("old-bytes", "Writes the old bytes.", ({ from, to }, { oldPage }) => oldPage.subarray(from, to)),
  wrong("xor-in-later-runs", "Writes XORs in every run but the first.", ({ from, to }, { oldPage, newPage }) => {
    const isFirst = Buffer.compare(oldPage.subarray(0, from), newPage.subarray(0, from)) === 0;
    return newPage.slice(from, to).map((byte, index) => (isFirst ? byte : byte ^ oldPage[from + index]!));
  }),
  wrong("differences", "Writes the differences of new and old bytes.", ({ from, to }, { oldPage, newPage }) => {
    return newPage.slice(from, to).map((byte, index) => byte - oldPage[from + index]!);
  }),
  wrong("one-late", "Writes the literals from one byte on.", ({ from, to }, { newPage }) => {
    return Uint8Array.from(newPage.subarray(from, to), (_, index) => newPage[from + index + 1] ?? 0);
  }),
  wrong("last-old", "Writes the old byte as the last literal.", ({ from, to }, { oldPage, newPage }) => {
    return newPage.slice(from, to).fill(oldPage[to - 1]!, -1);
  }),
  wrong("first-repeated", "Writes the first literal in the place of each.", ({ from, to }, { newPage }) => {
    return newPage.slice(from, to).fill(newPage[from]!);
  }),
  wrong("7-bits", "Writes seven bits of each literal.", ({ from, to }, { newPage }) => {
    return newPage.slice(from, to).map((byte) => byte & 0x7f);
  }),
  wrong(
    "ff-as-7f",
    "Takes bytes for signed, and writes those below 0 as their negative.",
    ({ from, to }, { newPage }) => {
      return newPage.slice(from, to).map((byte) => (byte < 0x80 ? byte : 0x100 - byte));
    },
  ),
  wrong("text", "Copies literals as a text: zeros after the first 00.", ({ from, to }, { newPage }) => {
    const end = newPage.subarray(from, to).indexOf(0);
    return end === -1 ? newPage.subarray(from, to) : newPage.slice(from, to).fill(0, end);
  }),
  wrong("swapped", "Swaps the two bytes of each half word.", ({ from, to }, { newPage }) => {
    return Uint8Array.from(newPage.subarray(from, to), (byte, index) => {
      return (index | 1) < to - from ? newPage[from + (index ^ 1)]! : byte;
    });
  }),
  ...[128, 255, 4095, 4096, 8192].map((most) =>
    wrong(
      `at-most-${most}`,
      `Copies at most ${most} literals of a run, and leaves zeros for the others.`,
      (run, { newPage }) => {
        return newPage.slice(run.from, run.to).fill(0, most);
      },
    ),
  ),
  ...[8, 16, 32, 64].map((word) =>
    wrong(
      `words-of-${word}`,
      `Copies whole words of ${word} literals, and zeros for the rest of longer runs.`,
      (run, { newPage }) => {
        const length = run.to - run.from;
        return newPage.slice(run.from, run.to).fill(0, length < word ? length : length - (length % word));
      },
    ),
  ),
  merged("gaps-of-1", "Merges gaps of one byte into the literals: that is shorter.", (gap) => gap === 1),
  merged("gaps-of-2", "Merges gaps of two bytes into the literals: that is as long.", (gap) => gap === 2),
  merged("gaps-of-3", "Merges gaps of three bytes into the literals.", (gap) => gap === 3),
  merged("gaps-under-8", "Merges gaps of less than a word into the literals.", (gap) => gap < 8),
  merged("gaps-in-long-runs", "Merges gaps of one byte between runs over 127.", (gap, left, right) => {
    return gap === 1 && 127 < left.to - left.from && 127 < right.to - right.from;
  }),
  merged(
    "gaps-past-4096",
    "Merges gaps of one byte from page offset 4096 on.",
    (gap, left) => gap === 1 && 4096 <= left.from,
  ),
  {
    name: "merged-past-16383",
    breaks: 27,
    what: "Merges gaps of one byte, and overflows where no length can say the run that comes of it.",
    codec: encoding({ shape: mergingLongRuns }),
  },
  stretched("to-word-end", "Ends an nzrun with its word of eight bytes.", ({ from, to }) => ({
    from,
    to: Math.ceil(to / 8) * 8,
  })),
  stretched("from-word-start", "Begins an nzrun with its word of eight bytes.", ({ from, to }) => ({
    from: from & ~7,
    to,
  })),
  stretched("one-behind", "Writes the byte behind each nzrun too: off by one.", ({ from, to }) => ({
    from,
    to: to + 1,
  })),
  stretched("one-before", "Writes the byte in front of each nzrun too: off by one.", ({ from, to }) => {
    return { from: Math.max(0, from - 1), to };
  }),
]);

function wrong(name: string, what: string, bytesOf: BytesOf): Mistake {
  return { name, breaks: 23, what, codec: encoding({ literals: bytesOf }) };
}

function merged(name: string, what: string, isMerged: (gap: number, left: Run, right: Run) => boolean): Mistake {
  return { name: `merged-${name}`, breaks: 25, what, codec: preferring({ shape: merging(isMerged) }) };
}

function stretched(name: string, what: string, stretch: (run: Run) => Run): Mistake {
  return { name: `stretched-${name}`, breaks: 25, what, codec: preferring({ shape: stretching(stretch) }) };
}

/** Merges gaps of one byte where the canonical delta could say both runs. */
function mergingLongRuns(found: readonly Run[]): readonly Run[] {
  const runs: Run[] = [];
  for (const run of found) {
    const last = runs.at(-1);
    const isMerged = last !== undefined && run.from - last.to === 1 && MAX_RUN_LENGTH < run.to - last.from;
    if (isMerged) runs.push({ from: runs.pop()!.from, to: run.to });
    else runs.push(run);
  }
  return bridge(runs);
}
