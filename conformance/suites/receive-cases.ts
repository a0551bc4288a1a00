/**
 * Cases for receivers: a stream, the outcomes that conform, and how it is judged and shown.
 */

import type { ReceiveOutcome, ReceiveVector } from "../../vectors/index.ts";
import type { Case, CaseText, Difference, Judgement } from "../harness/case.ts";
import { type Answer, RAM_PAGE_BYTES, type ReceiveRequest } from "../protocol.ts";
import { bytesText } from "./annotate.ts";
import { rowsAlone } from "./cut.ts";
import { judgeReceive, pageAt, receiveErrorBreaks } from "./receive-judge.ts";
import { SourceCase } from "./source-case.ts";
import { streamLines } from "./stream-lines.ts";

/** How many pages of a RAM are shown at most. */
const MOST_PAGES = 4;

/** The stream of a case, and what is to become of it; a vector, or a stream that is drawn. */
export type ReceiveSource = Pick<ReceiveVector, "requirements" | "why" | "ramSize" | "stream" | "accept"> & {
  /** The requirement that is broken where a sound stream is refused or gives another RAM; the first one unless told. */
  readonly about?: (difference?: Difference) => string;
};

/** The case of a vector for receivers. */
export function receiveCase(vector: ReceiveVector): Case<ReceiveRequest> {
  return new ReceiveCase({ id: vector.id, section: `${vector.chapter}/${vector.family}` }, vector);
}

/** A case for receivers. */
export class ReceiveCase extends SourceCase<ReceiveRequest, ReceiveSource> {
  readonly operation = "receive";

  protected make(): ReceiveRequest {
    const { ramSize, stream } = this.source;
    return { operation: "receive", ramSize, stream };
  }

  protected judgeRequest(request: ReceiveRequest, answer: Answer): Judgement {
    const { accept, about = () => this.requirements[0]! } = this.source;
    return judgeReceive(request, accept, about, answer);
  }

  errorBreaks(): string | undefined {
    return receiveErrorBreaks(this.request, this.source.accept);
  }

  text(around?: Difference): CaseText {
    const { stream, ramSize } = this.request;
    const sizes = `a stream of ${bytesText(stream.length)} for a RAM of ${bytesText(ramSize)}`;
    return {
      request: [`receive ${sizes}`, ...streamLines(this.request)],
      expected: this.source.accept.flatMap((outcome) => outcomeText(outcome, around)),
    };
  }

  answerText(answer: Answer, around?: Difference): readonly string[] {
    if (answer.kind === "ram") return ramText(answer.pages, around);
    return ["reason" in answer ? `${answer.kind} ${answer.reason}`.trimEnd() : answer.kind];
  }
}

function outcomeText(outcome: ReceiveOutcome, around: Difference | undefined): string[] {
  if (outcome.kind === "ram") return ramText(outcome.pages, around);
  return [`malformed${outcome.fault ? ` (${outcome.fault})` : ""}`];
}

/** The pages of a RAM in lines, the one of the difference alone where there is one. */
export function ramText(pages: Parameters<typeof pageAt>[0], around: Difference | undefined): string[] {
  if (around !== undefined) {
    const inPage = around.offset % RAM_PAGE_BYTES;
    const address = around.offset - inPage;
    return [
      `a RAM with ${pagesText(pages.length)}, at ${address}:`,
      ...rowsAlone(["page", pageAt(pages, address)], inPage),
    ];
  }
  if (pages.length === 0) return ["a RAM that is all zero"];
  const shown = pages.slice(0, MOST_PAGES).flatMap(({ address, page }) => {
    return [`at ${address}:`, ...rowsAlone(["page", page], 0)];
  });
  const more = pages.length - MOST_PAGES;
  return [`a RAM with ${pagesText(pages.length)}`, ...shown, ...(more <= 0 ? [] : [`... ${more} more pages`])];
}

function pagesText(count: number): string {
  return count === 1 ? "1 page that is not all zero" : `${count} pages that are not all zero`;
}
