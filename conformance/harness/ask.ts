/**
 * How a case becomes requests: its own, and those that are sent before it. And one case asked alone.
 */

import type { Asked, Conversation, Feed } from "../adapter/conversation.ts";
import type { Fault } from "../adapter/fault.ts";
import { type Case, type CaseResult, judgeAnswer } from "./case.ts";

/** A request of a case on its way; only the last of a case is judged. */
export interface CaseRequest extends Asked {
  readonly case: Case;
  readonly isJudged: boolean;
}

/** After an answer to a case that is asked alone, how long output that does not belong there is awaited, in milliseconds. */
const LISTEN_MS = 20;

/** The requests of a case in the order in which they are sent. */
export function caseRequests(asked: Case): CaseRequest[] {
  const before = (asked.before ?? []).map((request, index) => {
    return { id: `${asked.id}:b${index + 1}`, request, case: asked, isJudged: false };
  });
  return [...before, { id: asked.id, request: asked.request, case: asked, isJudged: true }];
}

/** Asks one case, one request at a time. After a fault the conversation is over, and the fault is the verdict. */
export async function askAlone(conversation: Conversation, asked: Case, signal?: AbortSignal): Promise<CaseResult> {
  const requests = caseRequests(asked);
  let result: CaseResult = { case: asked, verdict: "not-run", detail: "the run was interrupted" };
  const feed: Feed<CaseRequest> = {
    next: () => requests.shift(),
    answered: (request, answer) => {
      if (request.isJudged) result = judgeAnswer(asked, answer, conversation.stderrTail);
    },
  };
  const interruption = await conversation.drive(feed, 1, signal);
  const fault = interruption?.fault ?? (await conversation.listen(LISTEN_MS));
  return fault ? faultResult(asked, fault) : result;
}

/** The result of a case whose request was in flight when the adapter broke. */
export function faultResult(asked: Case, fault: Fault): CaseResult {
  return { case: asked, verdict: fault.verdict, detail: fault.detail, stderrTail: fault.stderrTail };
}
