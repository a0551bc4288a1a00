/**
 * One result in the words that a person reads.
 */

import type { Requirement } from "../../spec/requirements.ts";
import type { Case, CaseResult, Difference } from "../harness/case.ts";
import type { Answer } from "../protocol.ts";
import type { CaseReport } from "./model.ts";
import type { Failure } from "./recorder.ts";

/**
 * Writes the command that repeats a case. `failsAmong` are patterns of the cases that it has to be asked among if it passes
 * alone; none stand for the whole run.
 */
export type Repeat = (id: string, failsAmong?: readonly string[]) => string;

/** False for what an adapter does not offer: of those that offer one operation of two there are thousands, and nothing to be shown. */
export function wasAsked({ verdict, answer }: Failure["result"]): boolean {
  return verdict !== "unsupported" || answer !== undefined;
}

/** The result as a report has it; `vector` is the case as a vector where it is none of `vectors/json`. */
export function caseReport(
  { result, known }: Failure,
  requirements: ReadonlyMap<string, Requirement>,
  repeat: Repeat,
  vector: object | null,
): CaseReport {
  const { case: asked, difference } = result;
  const ids = [...new Set([...(result.broken === undefined ? [] : [result.broken]), ...asked.requirements])];
  return {
    id: asked.id,
    section: asked.section,
    verdict: result.verdict,
    broken: result.broken ?? null,
    requirements: ids.map((id) => ({ id, text: requirements.get(id)?.text ?? "" })),
    why: asked.why,
    detail: result.detail,
    difference: difference ?? null,
    ...linesOf(result),
    stderrTail: result.stderrTail ?? "",
    known: known ?? null,
    passesAlone: result.passesAlone ?? false,
    repeat: repeat(asked.id, result.failsAmong),
    vector,
    asFound: null,
  };
}

/** A result in lines. */
type Lines = Pick<CaseReport, "request" | "expected" | "got">;

/** The lines of each case, and what they show: a second look orders all failures by them, and the report has them again. */
const shownOf = new WeakMap<
  Case,
  { readonly answer: Answer | undefined; readonly difference: Difference | undefined; readonly lines: Lines }
>();

function linesOf(result: CaseResult): Lines {
  const { case: asked, answer, difference } = result;
  if (!wasAsked(result)) return { request: [], expected: [], got: [] };
  const shown = shownOf.get(asked);
  if (shown && shown.answer === answer && shown.difference === difference) return shown.lines;
  const got = answer === undefined ? [] : asked.answerText(answer, difference);
  const lines = { ...asked.text(difference), got };
  shownOf.set(asked, { answer, difference, lines });
  return lines;
}
