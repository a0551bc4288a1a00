/**
 * A case: one thing that is asked of an adapter, and how its answer is judged. Suites make cases, the harness asks them.
 */

import type { Answer, Request } from "../protocol.ts";

/** What a verdict is measured by: every MUST, or every MUST and every SHOULD. */
export const LEVELS = ["required", "recommended"] as const;

/** One of {@link LEVELS}. */
export type Level = (typeof LEVELS)[number];

/** The judgement of an answer: it conforms, or which requirement of which level it breaks. */
export type Judgement =
  | { readonly kind: "pass" }
  | {
      readonly kind: "fail";
      readonly level: Level;
      /** The id of the requirement that the answer breaks. */
      readonly requirement: string;
      /** A sentence: what is wrong with the answer. */
      readonly detail: string;
      readonly difference?: Difference;
    };

/** The first byte that is not as expected; a byte beyond the end of one side is -1. */
export interface Difference {
  readonly what: "page" | "delta" | "ram";
  readonly offset: number;
  readonly expected: number;
  readonly got: number;
}

/** A case in the words that a person reads: annotated lines. */
export interface CaseText {
  readonly request: readonly string[];
  readonly expected: readonly string[];
}

/** One thing that is asked. */
export interface Case<R extends Request = Request> {
  /** The address of the case: `delta/lengths/zrun-127.encode`, `fuzz:42:17`. */
  readonly id: string;
  /** The line of the summary that the case is counted in: `delta/lengths`, `fuzz`. */
  readonly section: string;
  /** The requirements that the case shows, the one that it is about first. */
  readonly requirements: readonly string[];
  /** A sentence: what an implementation that fails has got wrong. */
  readonly why: string;
  /** The operation of the request, known without its bytes. */
  readonly operation: R["operation"];
  readonly request: R;
  /** Requests that are sent just before, to the same process; their answers are not judged. */
  readonly before?: readonly R[];
  /** Judges an answer that is neither `unsupported` nor `error`. */
  judge(answer: Answer): Judgement;
  /** The requirement that an answer `error` with this reason shows to be broken, if it shows one. */
  errorBreaks?(reason: string): string | undefined;
  /** The case in words; what is long is cut around a difference. */
  text(around?: Difference): CaseText;
  /** An answer to the case in words, cut likewise. */
  answerText(answer: Answer, around?: Difference): readonly string[];
}

/** The verdicts on a case. `not-recommended` meets every MUST and breaks a SHOULD. */
export const VERDICTS = [
  "pass",
  "not-recommended",
  "fail",
  "error",
  "timeout",
  "crash",
  "protocol-fault",
  "unsupported",
  "not-run",
] as const;

/** One of {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number];

/** What came of a case. */
export interface CaseResult {
  readonly case: Case;
  readonly verdict: Verdict;
  /** The id of the requirement that was found broken: by judging an answer, by what an `error` says, or by a second look. */
  readonly broken?: string;
  /** A sentence; empty for a pass. */
  readonly detail: string;
  readonly difference?: Difference;
  readonly answer?: Answer;
  /** The end of the adapter's standard error at that time. */
  readonly stderrTail?: string;
  /** True if the case passes when it is asked of a fresh process: the implementation keeps state between requests. */
  readonly passesAlone?: boolean;
  /** Patterns of the cases among which it fails where it does not fail alone; none stand for the whole run. */
  readonly failsAmong?: readonly string[];
}

/** True if the verdict speaks against the implementation at this level. */
export function isFailure(verdict: Verdict, level: Level): boolean {
  switch (verdict) {
    case "pass":
    case "unsupported":
    case "not-run":
      return false;
    case "not-recommended":
      return level === "recommended";
    default:
      return true;
  }
}

/** Turns an answer into a result. */
export function judgeAnswer(asked: Case, answer: Answer, stderrTail: string): CaseResult {
  if (answer.kind === "unsupported" || answer.kind === "error") {
    const said = answer.reason === "" ? "" : `: ${answer.reason}`;
    const broken = answer.kind === "error" ? asked.errorBreaks?.(answer.reason) : undefined;
    return {
      case: asked,
      verdict: answer.kind,
      ...(broken !== undefined && { broken }),
      detail: `the adapter answered ${answer.kind}${said}`,
      answer,
      stderrTail,
    };
  }
  const judgement = asked.judge(answer);
  if (judgement.kind === "pass") return { case: asked, verdict: "pass", detail: "", answer };
  const { level, requirement, detail, difference } = judgement;
  return {
    case: asked,
    verdict: level === "required" ? "fail" : "not-recommended",
    broken: requirement,
    detail,
    answer,
    stderrTail,
    ...(difference && { difference }),
  };
}
