/**
 * QEMU's verdict on decode vectors with pages of 4096 bytes, the only target page size of x86. Pages that are to be
 * given fit one stream; each refusal ends its QEMU and needs a stream of its own. What a vector names in `after` is not
 * asked: the answer is to be the same without it (DELTA-11).
 */

import { QEMU } from "../capture/machine.ts";
import { PAGE_SIZE } from "../generate/spell-stream.ts";
import type { DecodeVector, Vector } from "../load.ts";
import { receive } from "./receive.ts";
import { RAM_SIZE, type Request, spellStream } from "./stream.ts";

/** How many QEMUs run at the same time. */
const QEMU_COUNT = 2;

/** Stands before a delta that is to be refused: QEMU then names the second page, and has taken this one. */
const REQUEST_BEFORE: Request = { oldPage: new Uint8Array(PAGE_SIZE), delta: Uint8Array.of(0, 1, 0xaa) };

/** What is judged of a vector. */
export type JudgedVector = Request & Pick<DecodeVector, "id" | "accept">;

/** The decode vectors of `PAGE_SIZE` by what QEMU has to do; each vector is in one of the three, in the order given. */
export interface VectorsForQemu {
  /** It gives the new page. Deltas that a decoder may also refuse are among them: QEMU does not. */
  readonly wellFormed: readonly DecodeVector[];
  /** It refuses the delta; fault to vectors. */
  readonly malformed: ReadonlyMap<string, readonly DecodeVector[]>;
  /** It refuses the record, without a look at the delta: the delta, well-formed or not, is longer than the page. */
  readonly tooLong: readonly DecodeVector[];
}

/** Sorts out what can be asked of QEMU. */
export function vectorsForQemu(vectors: readonly Vector[]): VectorsForQemu {
  const wellFormed: DecodeVector[] = [];
  const malformed = new Map<string, DecodeVector[]>();
  const tooLong: DecodeVector[] = [];
  for (const vector of vectors) {
    if (vector.operation !== "decode" || vector.pageSize !== PAGE_SIZE) continue;
    const fault = vector.accept.flatMap((outcome) => ("fault" in outcome ? [outcome.fault] : []))[0];
    if (PAGE_SIZE < vector.delta.length) tooLong.push(vector);
    else if (fault === undefined) wellFormed.push(vector);
    else malformed.set(fault, [...(malformed.get(fault) ?? []), vector]);
  }
  return { wellFormed, malformed, tooLong };
}

/** Lets one QEMU apply all the deltas. Resolves to what is wrong, the vector's id first; nothing if QEMU agrees. */
export async function judgePages(vectors: readonly JudgedVector[]): Promise<string[]> {
  const receipt = await receive(spellStream(vectors), { ramSize: RAM_SIZE, readBytes: vectors.length * PAGE_SIZE });
  if (receipt.kind === "refused") {
    const address = /XBZRLE page at ([0-9a-f]+)/.exec(receipt.errorText)?.[1] ?? "";
    const refused = vectors[Number.parseInt(address, 16) / PAGE_SIZE];
    return [`${refused?.id ?? "the stream"}: ${receipt.errorText}`];
  }
  return vectors.flatMap((vector, index) => {
    const page = receipt.ram.subarray(index * PAGE_SIZE, (index + 1) * PAGE_SIZE);
    const newPage = newPageOf(vector);
    const pageOffset = newPage.findIndex((byte, offset) => byte !== page[offset]);
    if (pageOffset < 0) return [];
    return [`${vector.id}: page byte ${pageOffset} is ${page[pageOffset]}, and not ${newPage[pageOffset]}`];
  });
}

/**
 * Lets one QEMU a vector refuse the delta, for the reason that it states as "Failed to load XBZRLE page - ".
 * Resolves to what is wrong, the vector's id first; nothing if QEMU agrees.
 */
export async function judgeRefusals(vectors: readonly JudgedVector[], reason: string): Promise<string[]> {
  const expected = [
    `${QEMU}: Failed to load XBZRLE page - ${reason}\n`,
    `${QEMU}: Failed to decompress XBZRLE page at ${PAGE_SIZE.toString(16)}\n`,
  ].join("");
  return askAll(vectors, async (vector) => {
    const answer = await answerTo(vector);
    return answer.includes(expected) ? undefined : answer;
  });
}

/** Asks about each, several at a time. Resolves to what is wrong, the id first; nothing where `ask` gives nothing. */
export async function askAll<One extends { readonly id: string }>(
  asked: readonly One[],
  ask: (one: One) => Promise<string | undefined>,
): Promise<string[]> {
  const wrong: string[] = [];
  const queue = asked.values();
  const work = async () => {
    for (const one of queue) {
      const fault = await ask(one);
      if (fault !== undefined) wrong.push(`${one.id}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: QEMU_COUNT }, work));
  return wrong;
}

/** What QEMU says of the two requests; an end that is no refusal, as a crash, is told and not thrown. */
async function answerTo(vector: JudgedVector): Promise<string> {
  try {
    const receipt = await receive(spellStream([REQUEST_BEFORE, vector]), { ramSize: RAM_SIZE, readBytes: PAGE_SIZE });
    return receipt.kind === "refused" ? receipt.errorText : "accepted";
  } catch (error) {
    return String(error);
  }
}

/** The page that a vector expects; a well-formed one has exactly one. */
function newPageOf({ id, accept }: JudgedVector): Uint8Array {
  for (const outcome of accept) if (outcome.kind === "page") return outcome.newPage;
  throw new TypeError(`${id} expects no page`);
}
