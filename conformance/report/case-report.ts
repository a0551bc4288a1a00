/**
 * One result in the words that a person reads.
 */

import type { Requirement } from "../../spec/requirements.ts";
import type { CaseReport } from "./model.ts";
import type { Failure } from "./recorder.ts";

/** The result as a report has it; `vector` is the case as a vector where it is none of `vectors/json`. */
export function caseReport(
  { result, known }: Failure,
  requirements: ReadonlyMap<string, Requirement>,
  repeat: (id: string) => string,
  vector: object | null,
): CaseReport {
  const { case: asked, answer } = result;
  const ids = [...new Set([...asked.requirements, ...(result.broken === undefined ? [] : [result.broken])])];
  // An adapter that offers one operation of two has thousands of cases that it was not asked.
  const wasAsked = result.verdict !== "unsupported" || answer !== undefined;
  const { request, expected } = wasAsked ? asked.text() : { request: [], expected: [] };
  return {
    id: asked.id,
    section: asked.section,
    verdict: result.verdict,
    broken: result.broken ?? null,
    requirements: ids.map((id) => ({ id, text: requirements.get(id)?.text ?? "" })),
    why: asked.why,
    detail: result.detail,
    difference: result.difference ?? null,
    request,
    expected,
    got: answer === undefined ? [] : asked.answerText(answer),
    stderrTail: result.stderrTail ?? "",
    known: known ?? null,
    passesAlone: result.passesAlone ?? false,
    repeat: repeat(asked.id),
    vector,
  };
}
