/**
 * What cases for receivers and for senders have in common: a source, a vector or something that is drawn, of which the request is made when it
 * is needed.
 */

import type { Case, CaseText, Difference, Judgement } from "../harness/case.ts";
import type { Answer, Request } from "../protocol.ts";

/** What a case is about. */
export interface CaseSource {
  readonly requirements: readonly string[];
  readonly why: string;
}

/** A case. The bytes of its source are had when they are needed, and let go when it is judged. */
export abstract class SourceCase<R extends Request, Source extends CaseSource> implements Case<R> {
  readonly id: string;
  readonly section: string;
  abstract readonly operation: R["operation"];
  protected readonly source: Source;
  #made: R | undefined;

  /** Takes what the case is called, and its source. */
  constructor({ id, section }: Pick<Case, "id" | "section">, source: Source) {
    this.id = id;
    this.section = section;
    this.source = source;
  }

  get requirements(): readonly string[] {
    return this.source.requirements;
  }

  get why(): string {
    return this.source.why;
  }

  get request(): R {
    this.#made ??= this.make();
    return this.#made;
  }

  judge(answer: Answer): Judgement {
    const { request } = this;
    this.#made = undefined;
    return this.judgeRequest(request, answer);
  }

  abstract text(around?: Difference): CaseText;
  abstract answerText(answer: Answer, around?: Difference): readonly string[];

  /** Makes the request of the source. */
  protected abstract make(): R;
  protected abstract judgeRequest(request: R, answer: Answer): Judgement;
}
