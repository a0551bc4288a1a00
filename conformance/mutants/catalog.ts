/**
 * All mutants: the rules switched off, and the mistakes that implementers make, theme by theme.
 */

import { accepting } from "./accepting.ts";
import { applying } from "./applying.ts";
import { capacity } from "./capacity.ts";
import { comparing } from "./comparing.ts";
import { far } from "./far.ts";
import { literals } from "./literals.ts";
import { mistakenChecks } from "./mistaken-checks.ts";
import type { Mutant } from "./mutant.ts";
import { pairs } from "./pairs.ts";
import { partialChecks } from "./partial-checks.ts";
import { readingLengths } from "./reading-lengths.ts";
import { RULES_OFF } from "./rules-off.ts";
import { sizes } from "./sizes.ts";
import { state } from "./state.ts";
import { unbounded } from "./unbounded.ts";
import { words } from "./words.ts";
import { writingLengths } from "./writing-lengths.ts";

/** Every mutant, the rules switched off first. */
export const MUTANTS: readonly Mutant[] = [
  ...RULES_OFF,
  ...readingLengths,
  ...applying,
  ...partialChecks,
  ...mistakenChecks,
  ...accepting,
  ...comparing,
  ...words,
  ...writingLengths,
  ...pairs,
  ...literals,
  ...capacity,
  ...sizes,
  ...far,
  ...state,
  ...unbounded,
];
