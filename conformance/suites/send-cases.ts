/**
 * Cases for senders: a guest step by step, and how its stream is judged and shown.
 */

import { toHex } from "../../reference/index.ts";
import type { GuestStep, SendVector } from "../../vectors/index.ts";
import type { Case, CaseText, Judgement } from "../harness/case.ts";
import type { Answer, SendRequest } from "../protocol.ts";
import { bytesText } from "./annotate.ts";
import { pagesOf, playGuest } from "./guest-play.ts";
import { ramText } from "./receive-cases.ts";
import { judgeSend } from "./send-judge.ts";
import { SourceCase } from "./source-case.ts";
import { streamLines } from "./stream-lines.ts";

/** How many steps are shown at most, of the begin and of the end. */
const BEGIN_STEPS = 24;
const END_STEPS = 12;
/** How many bytes of a write are shown at most. */
const SHOWN_BYTES = 12;

/** The guest of a case, and what it is about; a vector, or a guest that is drawn. */
export type SendSource = Pick<SendVector, "requirements" | "why" | "ramSize" | "cacheSize" | "steps">;

/** The case of a vector for senders. */
export function sendCase(vector: SendVector): Case<SendRequest> {
  return new SendCase({ id: vector.id, section: `${vector.chapter}/${vector.family}` }, vector);
}

/** A case for senders. */
export class SendCase extends SourceCase<SendRequest, SendSource> {
  readonly operation = "send";

  protected make(): SendRequest {
    const { ramSize, cacheSize, steps } = this.source;
    return { operation: "send", ramSize, cacheSize, steps };
  }

  protected judgeRequest(request: SendRequest, answer: Answer): Judgement {
    return judgeSend(request, answer);
  }

  text(): CaseText {
    const { request } = this;
    const { ramSize, cacheSize, steps } = request;
    const sizes = `a RAM of ${bytesText(ramSize)}, with a page cache of ${bytesText(cacheSize)}`;
    const ram = playGuest(request).rounds.at(-1)!;
    return {
      request: [`send ${sizes}`, ...stepLines(steps)],
      expected: [
        "a stream as the chapters say, with a record of every page in round 1, and then of those that have changed; it gives",
        ...ramText(pagesOf(ram), undefined),
      ],
    };
  }

  answerText(answer: Answer): readonly string[] {
    if (answer.kind !== "stream")
      return ["reason" in answer ? `${answer.kind} ${answer.reason}`.trimEnd() : answer.kind];
    const { stream } = answer;
    const { ramSize } = this.request;
    return [`a stream of ${bytesText(stream.length)}`, ...streamLines({ operation: "receive", ramSize, stream })];
  }
}

/** The steps, one a line, and the last stage behind them; what is long is cut in the middle. */
function stepLines(steps: readonly GuestStep[]): string[] {
  const lines: string[] = [];
  let round = 0;
  for (const step of steps) {
    if (step.kind === "write") lines.push(`write ${step.offset}: ${writeText(step.bytes)}`);
    else lines.push(`round ${++round}`);
  }
  lines.push(`last stage (round ${round + 1})`);
  const leftOut = lines.length - BEGIN_STEPS - END_STEPS;
  if (leftOut <= 1) return lines;
  return [...lines.slice(0, BEGIN_STEPS), `... ${leftOut} more steps`, ...lines.slice(-END_STEPS)];
}

function writeText(bytes: Uint8Array): string {
  if (bytes.length <= SHOWN_BYTES) return toHex(bytes);
  return `${toHex(bytes.subarray(0, SHOWN_BYTES))}... (${bytesText(bytes.length)})`;
}
