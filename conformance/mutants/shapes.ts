/**
 * Ways to shape the runs of a page other than the canonical one: gaps merged, runs cut, runs made longer.
 */

import { bridge, type EncoderRules, MAX_RUN_LENGTH, type Run } from "./encoder.ts";

/** Merges two runs into one where the gap between them is one that `isMerged` names and the run can still be said. */
export function merging(isMerged: (gap: number, left: Run, right: Run) => boolean): EncoderRules["shape"] {
  return (found) => {
    const runs: Run[] = [];
    for (const run of found) {
      const last = runs.at(-1);
      const isMergedNow = last !== undefined && run.to - last.from <= MAX_RUN_LENGTH;
      if (isMergedNow && isMerged(run.from - last.to, last, run)) runs.push({ from: runs.pop()!.from, to: run.to });
      else runs.push(run);
    }
    return bridge(runs);
  };
}

/** Cuts each run after `most` bytes; the zrun between two pieces is empty. */
export function cutting(most: number): EncoderRules["shape"] {
  return (found) =>
    bridge(found).flatMap(({ from, to }) => {
      const count = Math.ceil((to - from) / most);
      return Array.from({ length: count }, (_, index) => ({
        from: from + index * most,
        to: Math.min(from + (index + 1) * most, to),
      }));
    });
}

/** Moves the ends of each run, within the page and up to the next run; runs that touch become one. */
export function stretching(stretch: (run: Run) => Run): EncoderRules["shape"] {
  return (found, { newPage }) => {
    const runs: Run[] = [];
    for (const run of found.map(stretch)) {
      const to = Math.min(run.to, newPage.length);
      const last = runs.at(-1);
      if (last === undefined || last.to < run.from) runs.push({ from: run.from, to });
      else runs.push({ from: runs.pop()!.from, to: Math.max(to, last.to) });
    }
    const canBeSaid = runs.every(({ from, to }) => to - from <= MAX_RUN_LENGTH);
    return bridge(canBeSaid ? runs : found);
  };
}

/** Cuts each run at the page offsets that are multiples of `edge`; the zrun between two pieces is empty. */
export function cuttingAtEdges(edge: number): EncoderRules["shape"] {
  return (found) =>
    bridge(found).flatMap(({ from, to }) => {
      const pieces: Run[] = [];
      for (let begin = from; begin < to; begin = pieces.at(-1)!.to) {
        pieces.push({ from: begin, to: Math.min(to, (Math.floor(begin / edge) + 1) * edge) });
      }
      return pieces;
    });
}
