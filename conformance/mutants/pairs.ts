/** Mistakes of encoders that form pairs: where runs begin and end, what is cut, bridged or written behind the last one. */

import {
  bridge,
  type EncoderRules,
  MAX_RUN_LENGTH,
  overflow,
  put,
  type Run,
  shortestLength,
  type Writing,
} from "./encoder.ts";
import { encoding, type Mistake, theme } from "./mutant.ts";
import { cutting, cuttingAtEdges } from "./shapes.ts";

/** The mutants of the theme. */
export const pairs = theme("pairs", [
  trailing("zrun-of-1", "Writes the zrun after the last nzrun where it is one byte.", (length) => length === 1),
  trailing(
    "zrun-of-128",
    "Writes the zrun after the last nzrun where its length has two bytes.",
    (length) => 128 <= length,
  ),
  trailing("pair", "Writes the zrun after the last nzrun, and an empty nzrun.", () => true, [0]),
  {
    name: "trailing-zrun-too-long",
    breaks: 27,
    what: "Reports overflow where the zrun after the last nzrun is longer than a length can say.",
    codec: encoding({
      begins({ oldPage, newPage }) {
        const last = newPage.findLastIndex((byte, offset) => byte !== oldPage[offset]);
        return last !== -1 && MAX_RUN_LENGTH < newPage.length - last - 1 ? overflow() : undefined;
      },
    }),
  },
  {
    name: "no-first-zrun",
    breaks: 22,
    what: "Leaves out the empty zrun in front of a changed first byte.",
    codec: encoding({
      lengthBytes: (length, piece, { pairIndex }) =>
        length === 0 && piece === "zrun" && pairIndex === 0 ? [] : shortestLength(length),
    }),
  },
  zrun("from-page-start", "Counts every zrun from the start of the page.", ({ from }) => from),
  zrun("from-run-start", "Counts a zrun from the start of the run before it.", ({ from }, _, { runs, pairIndex }) => {
    return from - (runs[pairIndex - 1]?.from ?? 0);
  }),
  zrun("one-more", "Writes every later zrun one too long.", ({ from }, previousEnd, { pairIndex }) => {
    return from - previousEnd + Math.sign(pairIndex);
  }),
  zrun("one-less", "Writes every later zrun one too short.", ({ from }, previousEnd, { pairIndex }) => {
    return from - previousEnd - Math.sign(pairIndex);
  }),
  ends("one-early", "Ends every nzrun of two bytes and more one byte early.", ({ from, to }) => {
    return { from, to: Math.max(from + 1, to - 1) };
  }),
  ends("one-late", "Begins every nzrun of two bytes and more one byte late.", ({ from, to }) => {
    return { from: Math.min(from + 1, to - 1), to };
  }),
  cutNzrun(127, 22),
  cutNzrun(128, 22),
  cutNzrun(255, 22),
  cutNzrun(4096, 22),
  cutNzrun(8191, 22),
  cutNzrun(16_383, 30),
  cutAtEdges(8),
  cutAtEdges(16),
  cutAtEdges(32),
  cutAtEdges(64),
  cutAtEdges(4096),
  cutZrun(127),
  cutZrun(255),
  cutZrun(8191),
  {
    name: "bridge-leaves-nothing",
    breaks: 31,
    what: "Bridges a zrun of 16384 at its last byte, and writes an empty zrun behind the bridge.",
    codec: encoding({ shape: bridgingAt((end, from) => Math.min(end + MAX_RUN_LENGTH, from - 1)) }),
  },
  {
    name: "bridge-once",
    breaks: 31,
    what: "Bridges a zrun once, however long it is, and cuts the length of the rest to 14 bits.",
    codec: encoding({
      shape: bridgingAt((end, from, count) => (count === 0 ? Math.min(end + MAX_RUN_LENGTH, from - 2) : undefined)),
      canSay: (length, piece) => piece === "zrun" || length <= MAX_RUN_LENGTH,
      lengthBytes: (length) => shortestLength(length & MAX_RUN_LENGTH),
    }),
  },
  {
    name: "bridge-xor",
    breaks: 31,
    what: "Writes 00, the XOR, as the literal of a bridge.",
    codec: encoding({
      literals: ({ from, to }, { oldPage, newPage }) =>
        oldPage[from] === newPage[from] ? new Uint8Array(to - from) : newPage.subarray(from, to),
    }),
  },
  {
    name: "bridge-not-counted",
    breaks: 31,
    what: "Counts the zrun behind a bridge from the bridge, and not from the byte after it.",
    codec: encoding({
      zrunLength({ from }, previousEnd, { request: { oldPage, newPage } }) {
        const isBridge = 0 < previousEnd && oldPage[previousEnd - 1] === newPage[previousEnd - 1];
        return from - previousEnd + (isBridge ? 1 : 0);
      },
    }),
  },
  {
    name: "bridge-without-room",
    breaks: 26,
    what: "Does not ask for room for a bridge.",
    codec: encoding({
      hasRoom(byteCount, { used, request: { capacity, oldPage, newPage }, runs, pairIndex }) {
        const { from } = runs[pairIndex]!;
        return oldPage[from] === newPage[from] || used + byteCount <= capacity;
      },
    }),
  },
]);

function trailing(
  name: string,
  what: string,
  isWritten: (length: number) => boolean,
  then: readonly number[] = [],
): Mistake {
  const codec = encoding({
    ends(writing, pageOffset) {
      const length = writing.request.newPage.length - pageOffset;
      if (0 < length && length <= MAX_RUN_LENGTH && isWritten(length)) {
        putIfRoom(writing, [...shortestLength(length), ...then]);
      }
    },
  });
  return { name: `trailing-${name}`, breaks: 22, what, codec };
}

function putIfRoom(writing: Writing, bytes: readonly number[]): void {
  if (writing.used + bytes.length <= writing.request.capacity) put(writing, bytes);
}

function zrun(name: string, what: string, zrunLength: EncoderRules["zrunLength"]): Mistake {
  return { name: `zrun-${name}`, breaks: 23, what, codec: encoding({ zrunLength }) };
}

/** An encoder that takes other ends for each run. */
function ends(name: string, what: string, moved: (run: Run) => Run): Mistake {
  return { name: `nzrun-${name}`, breaks: 23, what, codec: encoding({ shape: (found) => bridge(found.map(moved)) }) };
}

function cutNzrun(most: number, breaks: number): Mistake {
  const what = `Cuts an nzrun after ${most} bytes, and puts an empty zrun in between.`;
  return { name: `nzrun-cut-after-${most}`, breaks, what, codec: encoding({ shape: cutting(most) }) };
}

function cutAtEdges(edge: number): Mistake {
  const what = `Ends an nzrun at each edge of ${edge} bytes, and puts an empty zrun in between.`;
  return { name: `nzrun-cut-at-edges-of-${edge}`, breaks: 22, what, codec: encoding({ shape: cuttingAtEdges(edge) }) };
}

function cutZrun(most: number): Mistake {
  const what = `Cuts a zrun after ${most} bytes, and puts an empty nzrun in between.`;
  const codec = encoding({
    lengthBytes(length, piece) {
      if (piece === "nzrun") return shortestLength(length);
      const pieces = Array.from({ length: Math.ceil(length / most) - 1 }, () => [...shortestLength(most), 0]);
      return [...pieces.flat(), ...shortestLength(length - most * pieces.length)];
    },
  });
  return { name: `zrun-cut-after-${most}`, breaks: 22, what, codec };
}

/** Bridges long zruns at offsets that follow from the zrun's start and end and the number of bridges in it; none ends it. */
function bridgingAt(
  bridgeOffset: (from: number, to: number, count: number) => number | undefined,
): EncoderRules["shape"] {
  return (found) => {
    const runs: Run[] = [];
    let end = 0;
    for (const run of found) {
      for (let count = 0; MAX_RUN_LENGTH < run.from - end; count++) {
        const from = bridgeOffset(end, run.from, count);
        if (from === undefined) break;
        end = from + 1;
        runs.push({ from, to: end });
      }
      runs.push(run);
      end = run.to;
    }
    return runs;
  };
}
