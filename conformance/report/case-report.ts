/**
 * One result in the words that a person reads.
 */

import type { Requirement } from "../../spec/requirements.ts";
import type { CaseReport } from "./model.ts";
import type { Failure } from "./recorder.ts";

/**
 * Writes the command that repeats a case. `failsAmong` are patterns of the cases that it has to be asked among if it passes
 * alone; none stand for the whole run.
 */
export type Repeat = (id: string, failsAmong?: readonly string[]) => string;

/** The result as a report has it; `vector` is the case as a vector where it is none of `vectors/json`. */
export function caseReport(
  { result, known }: Failure,
  requirements: ReadonlyMap<string, Requirement>,
  repeat: Repeat,
  vector: object | null,
): CaseReport {
  const { case: asked, answer, difference } = result;
  const ids = [...new Set([...(result.broken === undefined ? [] : [result.broken]), ...asked.requirements])];
  // An adapter that offers one operation of two has thousands of cases that it was not asked.
  const wasAsked = result.verdict !== "unsupported" || answer !== undefined;
  const { request, expected } = wasAsked ? asked.text(difference) : { request: [], expected: [] };
  return {
    id: asked.id,
    section: asked.section,
    verdict: result.verdict,
    broken: result.broken ?? null,
    requirements: ids.map((id) => ({ id, text: requirements.get(id)?.text ?? "" })),
    why: asked.why,
    detail: result.detail,
    difference: difference ?? null,
    request,
    expected,
    got: answer === undefined ? [] : asked.answerText(answer, difference),
    stderrTail: result.stderrTail ?? "",
    known: known ?? null,
    passesAlone: result.passesAlone ?? false,
    repeat: repeat(asked.id, result.failsAmong),
    vector,
    asFound: null,
  };
}
