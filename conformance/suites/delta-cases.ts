/**
 * Cases for the delta chapter: a request, the outcomes that conform, and how it is judged and shown.
 */

import type { DecodeOutcome, EncodeOutcome } from "../../vectors/index.ts";
import type { Case, CaseText, Difference, Judgement } from "../harness/case.ts";
import type { Answer, CodecRequest, DecodeRequest, EncodeRequest } from "../protocol.ts";
import * as annotate from "./annotate.ts";
import { decodeErrorBreaks, encodeErrorBreaks, judgeDecode, judgeEncode } from "./judge.ts";

/** What a case is called and what it is about. */
export interface CaseHead {
  readonly id: string;
  readonly section: string;
  readonly requirements: readonly string[];
  readonly why: string;
  readonly before?: readonly CodecRequest[];
}

const NOTHING: readonly CodecRequest[] = [];

/** A case for an encoder; `request` and `accept` are called when they are needed. */
export function encodeCase(
  head: CaseHead,
  request: () => EncodeRequest,
  accept: () => readonly EncodeOutcome[],
): Case<CodecRequest> {
  return new EncodeCase("encode", head, request, accept);
}

/** A case for a decoder; `request` and `accept` are called when they are needed. */
export function decodeCase(
  head: CaseHead,
  request: () => DecodeRequest,
  accept: () => readonly DecodeOutcome[],
): Case<CodecRequest> {
  return new DecodeCase("decode", head, request, accept);
}

/** The pages of a case are made when it is asked, and let go when it is judged or shown: those of all vectors together are large. */
abstract class DeltaCase<R extends CodecRequest, Outcome> implements Case<CodecRequest> {
  readonly id: string;
  readonly section: string;
  readonly requirements: readonly string[];
  readonly why: string;
  readonly before: readonly CodecRequest[];
  readonly operation: R["operation"];
  protected readonly accept: () => readonly Outcome[];
  readonly #make: () => R;
  #made: R | undefined;

  constructor(operation: R["operation"], head: CaseHead, request: () => R, accept: () => readonly Outcome[]) {
    this.id = head.id;
    this.section = head.section;
    this.requirements = head.requirements;
    this.why = head.why;
    this.before = head.before ?? NOTHING;
    this.operation = operation;
    this.accept = accept;
    this.#make = request;
  }

  get request(): R {
    this.#made ??= this.#make();
    return this.#made;
  }

  judge(answer: Answer): Judgement {
    return this.judgeRequest(this.#letGo(), answer);
  }

  text(around?: Difference): CaseText {
    return this.requestText(this.#letGo(), around);
  }

  abstract errorBreaks(reason: string): string | undefined;
  abstract answerText(answer: Answer, around?: Difference): readonly string[];
  protected abstract judgeRequest(request: R, answer: Answer): Judgement;
  protected abstract requestText(request: R, around?: Difference): CaseText;

  #letGo(): R {
    const { request } = this;
    this.#made = undefined;
    return request;
  }
}

class EncodeCase extends DeltaCase<EncodeRequest, EncodeOutcome> {
  errorBreaks(reason: string): string | undefined {
    return encodeErrorBreaks(reason);
  }

  answerText(answer: Answer, around?: Difference): readonly string[] {
    return annotate.answerText(answer, this.request.oldPage, around);
  }

  protected judgeRequest(request: EncodeRequest, answer: Answer): Judgement {
    return judgeEncode(request, this.accept(), answer);
  }

  protected requestText(request: EncodeRequest, around?: Difference): CaseText {
    return {
      request: annotate.encodeRequestText(request, around),
      expected: annotate.encodeExpectedText(request, this.accept(), around),
    };
  }
}

class DecodeCase extends DeltaCase<DecodeRequest, DecodeOutcome> {
  errorBreaks(): string | undefined {
    return decodeErrorBreaks(this.request);
  }

  answerText(answer: Answer, around?: Difference): readonly string[] {
    const page = this.accept().find((outcome) => outcome.kind === "page");
    return annotate.answerText(answer, this.request.oldPage, around, page?.newPage);
  }

  protected judgeRequest(request: DecodeRequest, answer: Answer): Judgement {
    return judgeDecode(request, this.accept(), this.requirements[0]!, answer);
  }

  protected requestText(request: DecodeRequest, around?: Difference): CaseText {
    return {
      request: annotate.decodeRequestText(request, around),
      expected: annotate.decodeExpectedText(request, this.accept(), around),
    };
  }
}
