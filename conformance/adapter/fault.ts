/**
 * What an adapter can do wrong other than giving a wrong answer, and the sentence that a person reads about it.
 */

import { MAX_ANSWER_BYTES, quote } from "../protocol.ts";
import type { Exit } from "./process.ts";

/** The verdict of a request that got no proper answer. */
export type FaultVerdict = "timeout" | "crash" | "protocol-fault";

/** One thing that ended a conversation. */
export interface Fault {
  readonly verdict: FaultVerdict;
  /** A sentence: what happened, and what to do where that is known. */
  readonly detail: string;
  /** The end of the adapter's standard error. */
  readonly stderrTail: string;
  /** The id of a request that is known to be the cause. */
  readonly culpritId?: string;
}

/** The adapter could not be started or did not introduce itself; the message says what and what to do. */
export class AdapterStartError extends Error {
  override readonly name = "AdapterStartError";
  /** The end of the adapter's standard error. */
  readonly stderrTail: string;

  /** Makes the error of a sentence and of what the adapter has written to standard error. */
  constructor(message: string, stderrTail: string) {
    super(message);
    this.stderrTail = stderrTail;
  }
}

const ONLY_ANSWERS = "standard output must carry nothing but answers; write messages to standard error";

/** Why a program could not be started. */
export function notStartedDetail(program: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ENOENT":
      return `there is no program ${quote(program, 200)}; give its path (./my_adapter for one in this folder) after --`;
    case "EACCES":
      return `${quote(program, 200)} may not be run; give it the run bit (chmod +x), or name its interpreter first`;
    default:
      return `${quote(program, 200)} could not be started: ${error.message}`;
  }
}

/** How a process ended, in words, with a half line that it left. */
export function exitDetail(exit: Exit, rest: string, when: string): string {
  const how = exit.signal === null ? `ended with exit status ${exit.status}` : `was killed by signal ${exit.signal}`;
  const half = rest === "" ? "" : `, leaving half a line: ${quote(rest)}`;
  return `the adapter ${how} ${when}${half}`;
}

/** A line that is no answer. */
export function invalidLineDetail(line: string, what: string): string {
  return `the adapter wrote a line that is no answer: ${quote(line)}: ${what}; ${ONLY_ANSWERS}`;
}

/** An answer to a request that was answered before. */
export function secondAnswerDetail(line: string): string {
  return `the adapter answered a request twice: ${quote(line)}; each request gets exactly one answer`;
}

/** An answer to a request that was never asked. */
export function unknownIdDetail(line: string): string {
  return `the adapter answered a request that is not open: ${quote(line)}; an answer begins with its request's id`;
}

/** An answer that does not fit the operation that was asked. */
export function wrongKindDetail(line: string, operation: string): string {
  return `the adapter gave ${operation} an answer that it cannot have: ${quote(line)}; docs/adapter.md lists the answers`;
}

/** A line over the limit. */
export function overlongDetail(start: string): string {
  return `the adapter wrote a line of more than ${MAX_ANSWER_BYTES} bytes that begins with ${quote(start)}; an answer ends with LF`;
}

/** Standard output closed by a process that runs on. */
export function outputClosedDetail(rest: string): string {
  const half = rest === "" ? "" : `, leaving half a line: ${quote(rest)}`;
  return `the adapter closed its standard output and runs on${half}; no answer can arrive`;
}

/** No answer in time; `late` tells what came once standard input was closed. */
export function timeoutDetail(timeoutMs: number, late: "answers" | "nothing", rest: string): string {
  const missing = `no answer in ${timeoutMs / 1000} s`;
  if (late === "answers") {
    return `${missing}; answers came only when standard input was closed: flush standard output after every answer`;
  }
  if (rest !== "")
    return `${missing}; the output stops in the middle of a line: ${quote(rest)}: end it with LF, and flush`;
  return missing;
}

/** A process that does not end when its input has. */
export function runsOnDetail(timeoutMs: number): string {
  return `the adapter runs on ${timeoutMs / 1000} s after the end of standard input; it should answer what is open and exit with status 0`;
}
