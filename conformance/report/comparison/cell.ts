/**
 * What became of one requirement in one run, in a few words.
 */

import type { Level } from "../../harness/case.ts";
import { failureCount, requirementStatus, totalCount } from "../counts.ts";
import type { RequirementReport } from "../model.ts";

/** What a cell says. `recommended` is a SHOULD that is not met where only MUSTs count. */
export type CellKind = "pass" | "fail" | "recommended" | "known" | "partly" | "unsupported" | "not-run" | "absent";

/** A cell of the matrix. */
export interface Cell {
  readonly kind: CellKind;
  readonly text: string;
}

/** What the cell of a requirement follows from. */
type CellGrounds = Pick<RequirementReport, "counts" | "leftOut" | "broken" | "level">;

/**
 * The cell of a requirement.
 *
 * @param row - What the run says of it; nothing if the run's suite does not have it.
 * @param isKnown - True if a known failure breaks it.
 * @param level - What counts in the comparison.
 */
export function cellOf(row: CellGrounds | undefined, isKnown: boolean, level: Level): Cell {
  if (row === undefined) return { kind: "absent", text: "not in its suite" };
  const { counts, leftOut } = row;
  switch (requirementStatus(row)) {
    case "met":
      return { kind: "pass", text: "pass" };
    case "broken":
      return failedCell(row, level);
    case "unsupported":
      return { kind: "unsupported", text: "unsupported" };
    case "not asked":
      return { kind: "not-run", text: "not run" };
    case "partly met": {
      if (isKnown) return { kind: "known", text: "known failure" };
      const passed = counts.pass + counts["not-recommended"];
      return { kind: "partly", text: `pass ${passed} of ${totalCount(counts) + leftOut}` };
    }
    case "not shown":
      return isKnown ? { kind: "known", text: "known failure" } : { kind: "partly", text: "not shown" };
  }
}

/** How many of the vectors that show it failed. Others can have broken it too: cases of fuzzing, and vectors about something else. */
function failedCell({ counts, broken, level: bindingLevel }: CellGrounds, level: Level): Cell {
  const isShould = bindingLevel.startsWith("SHOULD");
  const kind = isShould && level === "required" ? "recommended" : "fail";
  const failed = failureCount(counts, isShould ? "recommended" : level);
  if (failed === 0) return { kind, text: `fail in ${broken} ${broken === 1 ? "other" : "others"}` };
  return { kind, text: `fail ${failed} of ${totalCount(counts)}` };
}
