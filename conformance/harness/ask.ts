/**
 * How a case becomes requests: its own, and those that are sent before it. And one case asked alone.
 */

import type { Conversation, Feed } from "../adapter/conversation.ts";
import type { Fault } from "../adapter/fault.ts";
import type { Asked } from "../adapter/open-requests.ts";
import { MAX_ID_LENGTH } from "../protocol.ts";
import { type Case, type CaseResult, judgeAnswer } from "./case.ts";

/** A request of a case on its way; only the last of a case is judged. */
export interface CaseRequest extends Asked {
  readonly case: Case;
  readonly isJudged: boolean;
}

/** What came of a case that was asked alone. */
export interface AloneResult {
  readonly result: CaseResult;
  /** What ended the adapter meanwhile. */
  readonly fault?: Fault;
}

/** After an answer to a case that is asked alone, how long output that does not belong there is awaited, in milliseconds. */
const LISTEN_MS = 20;
/** Room in a request's id for what tells the requests of one case apart. */
const SUFFIX_LENGTH = 4;

/** The requests of a case in the order in which they are sent. */
export function caseRequests(asked: Case): CaseRequest[] {
  // The path of many shrinks makes an id too long for the wire. Its end tells it from others.
  const id = asked.id.slice(-(MAX_ID_LENGTH - SUFFIX_LENGTH));
  const before = (asked.before ?? []).map((request, index) => {
    return { id: `${id}:b${index + 1}`, request, case: asked, isJudged: false };
  });
  return [...before, { id, request: asked.request, case: asked, isJudged: true }];
}

/** Asks one case, one request at a time. After a fault the conversation is over, and the fault is the verdict. */
export async function askAlone(conversation: Conversation, asked: Case, signal?: AbortSignal): Promise<AloneResult> {
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
  return fault ? { result: faultResult(asked, fault), fault } : { result };
}

/** The result of a case whose request was in flight when the adapter broke. */
export function faultResult(asked: Case, fault: Fault): CaseResult {
  return { case: asked, verdict: fault.verdict, detail: fault.detail, stderrTail: fault.stderrTail };
}
