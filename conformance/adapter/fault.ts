/**
 * What an adapter can do wrong other than giving a wrong answer, and the sentence that a person reads about it.
 */

import { type Stats, statSync } from "node:fs";
import { HELLO_LINE, MAX_ANSWER_BYTES, parseHello, quote } from "../protocol.ts";
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
  const name = quote(program, 200);
  const found = program.includes("/") ? fileAt(program) : undefined;
  if (found?.isDirectory()) return `${name} is a folder; give the path of a program after --`;
  switch (error.code) {
    case "ENOENT":
      if (found)
        return `${name} is there, but not the interpreter or the loader that it names; see its first line, or file ${name}`;
      if (program.includes(" "))
        return `there is no program ${name}; give program and arguments as separate words after --`;
      return `there is no program ${name}; give its path (./my_adapter for one in this folder) after --`;
    case "EACCES":
      return `${name} may not be run; give it the run bit (chmod +x), or name its interpreter first`;
    default:
      return `${name} could not be started: ${error.message}`;
  }
}

/** What stands in the place of a greeting; nothing, if the run was interrupted before there was a line. */
export function noHelloDetail(line: string | undefined): string {
  if (line === undefined) return "the run was interrupted before it had said hello";
  const wrong = parseHello(line);
  return `it answered the handshake with ${quote(line)}: ${wrong}; it should answer "hello 1 NAME VERSION encode decode"`;
}

/** When a process ended: before its hello, with a number of requests open, or when its input had ended. */
export type Stage = "no hello" | number | "input ended";

/** How a process ended, in words, with a half line that it left. */
export function exitDetail({ status, signal }: Exit, rest: string, stage: Stage): string {
  const how = signal === null ? `ended with exit status ${status}` : `was killed by signal ${signal}`;
  const early = status === 0 && typeof stage === "number" ? "; it should run until its standard input ends" : "";
  return `the adapter ${how} ${stageText(stage)}${halfLine(rest)}${early}`;
}

function stageText(stage: Stage): string {
  if (stage === "no hello") return "before it had said hello";
  if (stage === "input ended") return "after the end of standard input";
  if (stage === 0) return "while no request was open";
  return stage === 1 ? "while 1 request was open" : `while ${stage} requests were open`;
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
  return `the adapter closed its standard output and runs on${halfLine(rest)}; no answer can arrive`;
}

/** What is known of a silence. */
export interface Silence {
  readonly timeoutMs: number;
  /** True if lines came once standard input was closed. */
  readonly late: boolean;
  /** What came of a line that was never ended. */
  readonly rest: string;
}

/** No answer in time. */
export function timeoutDetail(stage: Stage, { timeoutMs, late, rest }: Silence): string {
  const missing = `no answer ${stage === "no hello" ? `to ${quote(HELLO_LINE.trim())} ` : ""}in ${timeoutMs / 1000} s`;
  if (late) {
    return `${missing}; answers came only when standard input was closed: flush standard output after every answer, or allow more time if the adapter is only slow (--timeout)`;
  }
  if (rest !== "") {
    return `${missing}; the output stops in the middle of a line: ${quote(rest)}: end it with LF, and flush`;
  }
  return missing;
}

/** A process that does not end when its input has. */
export function runsOnDetail(timeoutMs: number): string {
  return `the adapter runs on ${timeoutMs / 1000} s after the end of standard input; it should answer what is open and exit with status 0`;
}

function halfLine(rest: string): string {
  return rest === "" ? "" : `, leaving half a line: ${quote(rest)}`;
}

function fileAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
