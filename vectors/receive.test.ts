/** The vectors for receivers: what has to hold of them, and the reference's answers, from streams in chunks of any size. */

import { describe, expect, test } from "vitest";
import {
  applyCompressed,
  type Guest,
  MalformedStreamError,
  receiveStream,
  receiveStreamInThreads,
  STREAM_FAULTS,
} from "../reference/index.ts";
import { loadRequirements } from "../spec/requirements.ts";
import { loadReceiveVectors, type RamPage, type ReceiveVector } from "./index.ts";

const PAGE_SIZE = 4096;
const vectors = loadReceiveVectors();

/** What a receiver answers. */
type Answer =
  | { readonly kind: "ram"; readonly pages: readonly RamPage[] }
  | { readonly kind: "malformed"; fault: string };

function answer({ stream, ramSize }: ReceiveVector, chunkSize: number): Answer {
  const guest = guestOf(ramSize);
  try {
    receiveStream(cut(stream, chunkSize), guest, applyCompressed);
  } catch (error) {
    return refused(error);
  }
  return received(guest);
}

async function answerInThreads({ stream, ramSize }: ReceiveVector, threadCount: number): Promise<Answer> {
  const guest = guestOf(ramSize);
  return receiveStreamInThreads([stream], guest, threadCount).then(() => received(guest), refused);
}

function guestOf(ramSize: number): Guest {
  return { machine: "none", pageSize: PAGE_SIZE, blocks: new Map([["ram", new Uint8Array(ramSize)]]) };
}

function received({ blocks }: Guest): Answer {
  return { kind: "ram", pages: nonZeroPages(blocks.get("ram")!) };
}

function refused(error: unknown): Answer {
  if (error instanceof MalformedStreamError) return { kind: "malformed", fault: error.fault };
  throw error;
}

function* cut(stream: Uint8Array, chunkSize: number): Generator<Uint8Array> {
  for (let at = 0; at < stream.length; at += chunkSize) yield stream.subarray(at, at + chunkSize);
}

function nonZeroPages(ram: Uint8Array): RamPage[] {
  return Array.from({ length: ram.length / PAGE_SIZE }, (_, index) => index * PAGE_SIZE)
    .map((address) => ({ address, page: ram.slice(address, address + PAGE_SIZE) }))
    .filter(({ page }) => page.some((byte) => byte !== 0));
}

function isAccepted({ accept }: ReceiveVector, given: Answer): boolean {
  return accept.some((outcome) => {
    if (outcome.kind === "malformed")
      return given.kind === "malformed" && (outcome.fault ?? given.fault) === given.fault;
    return given.kind === "ram" && samePages(outcome.pages, given.pages);
  });
}

function samePages(left: readonly RamPage[], right: readonly RamPage[]): boolean {
  const spelled = (pages: readonly RamPage[]) =>
    pages.map(({ address, page }) => `${address}:${Buffer.from(page).toString("hex")}`).join();
  return spelled(left) === spelled(right);
}

describe.each([...new Set(vectors.map(({ chapter, family }) => `${chapter}/${family}`))])(
  "the family %s",
  (section) => {
    const asked = vectors.filter(({ chapter, family }) => `${chapter}/${family}` === section);

    test.each([1 << 20, 4096, 100, 7])("is answered by the reference, in chunks of %d bytes", (chunkSize) => {
      const wrong = asked.filter((vector) => !isAccepted(vector, answer(vector, chunkSize)));
      expect(wrong.map((vector) => `${vector.id}: ${JSON.stringify(answer(vector, chunkSize)).slice(0, 200)}`)).toEqual(
        [],
      );
    });

    test.each([1, 5])("is answered by the reference with %d threads", async (threadCount) => {
      const wrong: string[] = [];
      for (const vector of asked) {
        if (!isAccepted(vector, await answerInThreads(vector, threadCount))) wrong.push(vector.id);
      }
      expect(wrong).toEqual([]);
    });
  },
);

describe("the vectors for receivers", () => {
  const requirements = loadRequirements();

  /** Requirements of receivers that no vector can show, and why. */
  const NOT_SHOWN: Readonly<Record<string, string>> = {
    "COMP-14": "how many threads a receiver has does not show; the order itself is that of RECORD-6",
    "COMP-15": "what a receiver leaves behind that refuses a stream is not asked",
    "COMP-17": "a receiver is not told how many threads to have",
    "RECORD-5": "what a decompressing receiver does not do; the vectors of records are for both",
    "RECORD-7": "its vectors are those of RECORD-12, which forbids the same words",
    "RECORD-30": "shown by every vector with a part; those about it stand under RECORD-31 and RECORD-29",
    "STREAM-8": "a guest without a UUID has none to compare",
  };

  test("show every requirement of a receiver first in at least one of them, but for those that cannot be shown", () => {
    const shown = new Set(vectors.map(({ requirements }) => requirements[0]));
    const bound = [...requirements.values()].filter((one) => one.class?.endsWith("receiver"));
    const missing = bound.map(({ id }) => id).filter((id) => !shown.has(id) && !Object.hasOwn(NOT_SHOWN, id));
    expect(missing).toEqual([]);
  });

  test("have, where they are to be refused only, one fault, whose requirement they show", () => {
    const wrong = vectors.filter(({ accept, requirements }) => {
      const [only, ...others] = accept;
      if (others.length !== 0 || only?.kind !== "malformed") return false;
      return !requirements.includes(STREAM_FAULTS[only.fault as keyof typeof STREAM_FAULTS]);
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test("list pages in rising order, inside of the RAM, and none that is all zero", () => {
    const wrong = vectors.filter(({ accept, ramSize }) =>
      accept.some((outcome) => {
        if (outcome.kind !== "ram") return false;
        const addresses = outcome.pages.map(({ address }) => address);
        const isRising = addresses.every((address, index) => index === 0 || addresses[index - 1]! < address);
        const isInside = addresses.every((address) => address < ramSize);
        return !isRising || !isInside || outcome.pages.some(({ page }) => page.every((byte) => byte === 0));
      }),
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});
