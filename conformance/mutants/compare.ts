/**
 * What has to hold of a kill matrix, and in what a new one is worse than the one that is checked in.
 */

import type { KillMatrix } from "./matrix.ts";

/** What is wrong with a matrix by itself, a sentence each; none if every mutant is killed and every requirement shown. */
export function matrixFaults({ mutants, requirements }: KillMatrix): string[] {
  const faults: string[] = [];
  for (const { id, breaks, kills, broken, named } of mutants) {
    if (kills === 0) faults.push(`${id} survives: no vector shows that it breaks ${breaks}`);
    else if (named === 0) faults.push(`${id} is killed, but not for ${breaks}, nor by a vector that names it`);
    const tooMuch = Object.keys(broken).filter((key) => key.startsWith("required"));
    if (0 < tooMuch.length) faults.push(`${id} breaks only a SHOULD, and is failed as ${tooMuch.join(", ")}`);
  }
  for (const { id, isolating, mutants: count } of requirements) {
    if (isolating === 0) faults.push(`${id} has no isolating vector`);
    if (count === 0) faults.push(`${id} is broken by no mutant`);
  }
  return faults;
}

/** In what a matrix is worse than the one before, a sentence each. */
export function worsenings(before: KillMatrix, now: KillMatrix): string[] {
  const rows = new Map(now.mutants.map((row) => [row.id, row]));
  const lost = before.requirements.filter(({ id }) => !now.requirements.some((row) => row.id === id));
  return [
    ...lost.map(({ id }) => `${id} is no longer in the matrix`),
    ...before.mutants.flatMap(({ id, kills }) => {
      const row = rows.get(id);
      if (row === undefined) return [`${id} is no longer in the matrix`];
      return row.kills < kills ? [`${id} was killed by ${kills} vectors, and now by ${row.kills}`] : [];
    }),
  ];
}
