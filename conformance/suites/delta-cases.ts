/**
 * Cases for the delta chapter: a request, the outcomes that conform, and how it is judged and shown.
 */

import type { DecodeOutcome, EncodeOutcome } from "../../vectors/index.ts";
import type { Case } from "../harness/case.ts";
import type { DecodeRequest, EncodeRequest, Request } from "../protocol.ts";
import * as annotate from "./annotate.ts";
import { judgeDecode, judgeEncode } from "./judge.ts";

/** What a case is called and what it is about. */
export interface CaseHead {
  readonly id: string;
  readonly section: string;
  readonly requirements: readonly string[];
  readonly why: string;
  readonly before?: readonly Request[];
}

/** A case for an encoder; `accept` is called when it is needed. */
export function encodeCase(head: CaseHead, request: () => EncodeRequest, accept: () => readonly EncodeOutcome[]): Case {
  return {
    ...head,
    get request() {
      return request();
    },
    judge: (answer) => judgeEncode(request(), accept(), answer),
    text: () => ({
      request: annotate.encodeRequestText(request()),
      expected: annotate.encodeExpectedText(request(), accept()),
    }),
    answerText: (answer) => annotate.answerText(answer, request().oldPage.length),
  };
}

/** A case for a decoder; `accept` is called when it is needed. */
export function decodeCase(head: CaseHead, request: () => DecodeRequest, accept: () => readonly DecodeOutcome[]): Case {
  return {
    ...head,
    get request() {
      return request();
    },
    judge: (answer) => judgeDecode(request(), accept(), head.requirements[0]!, answer),
    text: () => ({
      request: annotate.decodeRequestText(request()),
      expected: annotate.decodeExpectedText(request(), accept()),
    }),
    answerText: (answer) => {
      const page = accept().find((outcome) => outcome.kind === "page");
      return annotate.answerText(answer, request().oldPage.length, page?.newPage);
    },
  };
}
