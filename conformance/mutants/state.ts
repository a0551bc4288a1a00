/** State that is left over from the request before: DELTA-11, DELTA-24. Each starts anew with its process. */

import type { Answer, DecodeRequest, EncodeRequest } from "../protocol.ts";
import { DECODER, decodeBy, type Reading } from "./decoder.ts";
import { ENCODER, encodeBy, overflow } from "./encoder.ts";
import { type Codec, type Mistake, PLAIN, theme } from "./mutant.ts";
import { latin1, remembering } from "./remembering.ts";

/** The mutants of the theme. */
export const state = theme("state", [
  encoder("bytes-kept-after-overflow", "Goes on behind the bytes that were written before an overflow.", keepingBytes),
  encoder("overflow-sticks-once", "Reports overflow again after an overflow, once.", () => overflowingAfter(1, true)),
  encoder("overflow-sticks", "Reports overflow for ever after an overflow.", () => overflowingAfter(1, false)),
  encoder("overflow-sticks-after-100", "Reports overflow for ever after a hundred of them.", () =>
    overflowingAfter(100, false),
  ),
  encoder("old-page-cached", "Compares with the new page of the request before, if it has the page's size.", () => {
    let cached: Uint8Array | undefined;
    return (request) => {
      const oldPage = cached?.length === request.newPage.length ? cached : request.oldPage;
      cached = request.newPage.slice();
      return PLAIN.encode({ ...request, oldPage });
    };
  }),
  encoder(
    "old-page-cached-on-overflow",
    "Keeps the new page that overflowed as the old page of the next request.",
    () => {
      let cached: Uint8Array | undefined;
      return (request) => {
        const oldPage = cached?.length === request.newPage.length ? cached : request.oldPage;
        const answer = PLAIN.encode({ ...request, oldPage });
        cached = answer.kind === "overflow" ? request.newPage.slice() : undefined;
        return answer;
      };
    },
  ),
  encoder("answer-by-new-page", "Gives the answer of the request before for the same new page.", () =>
    remembering((request: EncodeRequest) => latin1(request.newPage), PLAIN.encode),
  ),
  encoder("answer-by-pages", "Gives the answer of the request before for the same pages, whatever the capacity.", () =>
    remembering((request: EncodeRequest) => `${latin1(request.oldPage)} ${latin1(request.newPage)}`, PLAIN.encode),
  ),
  encoder(
    "answer-by-ends",
    "Gives the answer of the request before for pages with the same first and last bytes.",
    () =>
      remembering(({ oldPage, newPage, capacity }: EncodeRequest) => {
        return [oldPage.length, capacity, oldPage[0], oldPage.at(-1), newPage[0], newPage.at(-1)].join();
      }, PLAIN.encode),
  ),
  encoder("unchanged-sticks", "Reports unchanged again after equal pages of the same size.", () => {
    let unchangedSize = 0;
    return (request) => {
      if (unchangedSize === request.newPage.length) {
        unchangedSize = 0;
        return { kind: "unchanged" };
      }
      const answer = PLAIN.encode(request);
      unchangedSize = answer.kind === "unchanged" ? request.newPage.length : 0;
      return answer;
    };
  }),
  encoder("largest-page-kept", "Compares as many bytes as the largest page so far had.", () => {
    const [oldMemory, newMemory] = [new Uint8Array(65_536), new Uint8Array(65_536)];
    let largest = 0;
    return (request) => {
      largest = Math.max(largest, request.newPage.length);
      oldMemory.set(request.oldPage);
      newMemory.set(request.newPage);
      return PLAIN.encode({
        ...request,
        oldPage: oldMemory.subarray(0, largest),
        newPage: newMemory.subarray(0, largest),
      });
    };
  }),
  encoder("every-32nd", "Reports overflow at every 32nd request.", () => {
    let count = 0;
    return (request) => (++count % 32 === 0 ? overflow() : PLAIN.encode(request));
  }),
  encoder("after-5000", "Has used up its memory after 5000 requests, and reports overflow.", () => {
    let count = 0;
    return (request) => (5000 < ++count ? overflow() : PLAIN.encode(request));
  }),
  decoder("refusal-sticks-once", "Refuses the next delta too after a refusal.", () => {
    let wasRefused = false;
    return (request) => {
      const answer: Answer = wasRefused ? MALFORMED : PLAIN.decode(request);
      wasRefused = !wasRefused && answer.kind === "malformed";
      return answer;
    };
  }),
  decoder("refusal-sticks-after-50", "Refuses every delta after fifty refusals.", () => {
    let count = 0;
    return (request) => {
      const answer: Answer = 50 <= count ? MALFORMED : PLAIN.decode(request);
      if (answer.kind === "malformed") count++;
      return answer;
    };
  }),
  decoder("page-offset-kept", "Begins where a refused delta had got to in the page.", () => {
    let reading: Reading | undefined;
    let pageOffset = 0;
    const rules = rulesThatBegin((begun) => {
      reading = begun;
      begun.pageOffset = Math.min(pageOffset, begun.oldPage.length);
      begun.newPage.set(begun.oldPage);
    });
    return ({ oldPage, delta }) => {
      const answer = decodeBy(rules, oldPage, delta);
      pageOffset = answer.kind === "malformed" ? reading!.pageOffset : 0;
      return answer;
    };
  }),
  decoder("first-run-kept", "Takes the first zrun after a refusal for a later one, which may not be empty.", () => {
    let wasRefused = false;
    return (request) => {
      const answer: Answer = wasRefused && request.delta[0] === 0 ? MALFORMED : PLAIN.decode(request);
      wasRefused = answer.kind === "malformed";
      return answer;
    };
  }),
  decoder("page-by-delta", "Gives the page of the request before for the same delta.", () =>
    remembering((request: DecodeRequest) => `${request.oldPage.length} ${latin1(request.delta)}`, PLAIN.decode),
  ),
  decoder("refusal-by-sizes", "Refuses a delta of the size of the one refused before, for a page of its size.", () => {
    let refused = "";
    return (request) => {
      const sizes = `${request.oldPage.length} ${request.delta.length}`;
      const answer: Answer = sizes === refused ? MALFORMED : PLAIN.decode(request);
      refused = answer.kind === "malformed" ? sizes : "";
      return answer;
    };
  }),
  ...(["malformed", "page"] as const).map((kept) =>
    decoder(`${kept}-by-beginning`, `Answers ${kept} again for the same page, delta size and first four bytes.`, () =>
      remembering(
        ({ oldPage, delta }: DecodeRequest) => `${latin1(oldPage)} ${delta.length} ${latin1(delta.subarray(0, 4))}`,
        PLAIN.decode,
        ({ kind }) => kind === kept,
      ),
    ),
  ),
  decoder(
    "page-in-place",
    "Builds the page in memory that is kept, and does not copy the bytes after the last nzrun.",
    () => {
      const memory = new Uint8Array(65_536);
      const rules = {
        ...rulesThatBegin(({ newPage, delta, oldPage }) => {
          newPage.set((delta.length === 0 ? oldPage : memory).subarray(0, newPage.length));
        }),
        giveTail: () => {},
      };
      return ({ oldPage, delta }) => keep(memory, decodeBy(rules, oldPage, delta));
    },
  ),
  decoder(
    "delta-in-place",
    "Copies the delta to memory that is kept, and reads literals that are cut off from the one before.",
    () => {
      const memory = new Uint8Array(1 << 18);
      const faults = { ...DECODER.faults, "nzrun-truncated": () => "go on" as const };
      return ({ oldPage, delta }) => {
        memory.set(delta);
        const behind = memory.subarray(delta.length);
        return decodeBy({ ...DECODER, faults, behind: (index) => behind[index] ?? 0 }, oldPage, delta);
      };
    },
  ),
  decoder("lengths-in-place", "Reads a length that is cut off on in the delta of the request before.", () => {
    const memory = new Uint8Array(1 << 18);
    const faults = {
      ...DECODER.faults,
      "length-truncated": () => "go on" as const,
      "zrun-unpaired": () => "go on" as const,
    };
    return ({ oldPage, delta }) => {
      memory.set(delta);
      const behind = memory.subarray(delta.length);
      return decodeBy({ ...DECODER, faults, behind: (index) => behind[index] ?? 0 }, oldPage, delta);
    };
  }),
  decoder("larger-page-shows", "Gives the last eight bytes of the largest page so far in a smaller one.", () => {
    let largest = new Uint8Array(0);
    return (request) => {
      const answer = PLAIN.decode(request);
      if (answer.kind !== "page") return answer;
      const { page } = answer;
      if (largest.length <= page.length) largest = page.slice();
      else if (8 <= page.length) page.set(largest.subarray(page.length - 8, page.length), page.length - 8);
      return answer;
    };
  }),
  decoder("every-32nd", "Refuses every 32nd delta.", () => {
    let count = 0;
    return (request) => (++count % 32 === 0 ? MALFORMED : PLAIN.decode(request));
  }),
  {
    name: "overflow-after-refusal",
    breaks: 24,
    what: "Shares a flag of both directions: the next encode after a refusal overflows.",
    codec: () => sharing("malformed", "encode"),
  },
  {
    name: "refusal-after-overflow",
    breaks: 11,
    what: "Shares a flag of both directions: the next decode after an overflow is refused.",
    codec: () => sharing("overflow", "decode"),
  },
]);

const MALFORMED: Answer = { kind: "malformed", reason: "" };

function encoder(name: string, what: string, start: () => Codec["encode"]): Mistake {
  return { name: `encode-${name}`, breaks: 24, what, codec: () => ({ encode: start(), decode: PLAIN.decode }) };
}

function decoder(name: string, what: string, start: () => Codec["decode"]): Mistake {
  return { name: `decode-${name}`, breaks: 11, what, codec: () => ({ encode: PLAIN.encode, decode: start() }) };
}

function keepingBytes(): Codec["encode"] {
  let kept = new Uint8Array(0);
  const rules: typeof ENCODER = {
    ...ENCODER,
    whenFull({ delta, used }) {
      kept = delta.slice(0, used);
      return overflow();
    },
  };
  return (request) => {
    const before = kept;
    kept = new Uint8Array(0);
    const answer = encodeBy(rules, request);
    if (answer.kind !== "delta" || request.capacity < before.length + answer.delta.length) return answer;
    return { kind: "delta", delta: Uint8Array.of(...before, ...answer.delta) };
  };
}

/** Reports overflow after some overflows, once or for ever. */
function overflowingAfter(most: number, isOnce: boolean): Codec["encode"] {
  let count = 0;
  return (request) => {
    const isStuck = most <= count;
    if (isStuck && isOnce) count = 0;
    const answer = isStuck ? overflow() : PLAIN.encode(request);
    if (answer.kind === "overflow" && !isStuck) count++;
    return answer;
  };
}

function rulesThatBegin(begins: (reading: Reading) => void): typeof DECODER {
  return {
    ...DECODER,
    begins(reading) {
      begins(reading);
      return "go on";
    },
  };
}

function keep(memory: Uint8Array, answer: Answer): Answer {
  if (answer.kind === "page") memory.set(answer.page);
  return answer;
}

/** An implementation in which a failure in one direction fails the next request in the other. */
function sharing(failure: "malformed" | "overflow", failing: "encode" | "decode"): Codec {
  let hasFailed = false;
  const noting = (answer: Answer): Answer => {
    hasFailed = answer.kind === failure;
    return answer;
  };
  const taking = () => {
    const had = hasFailed;
    hasFailed = false;
    return had;
  };
  return failing === "encode"
    ? {
        encode: (request) => (taking() ? overflow() : PLAIN.encode(request)),
        decode: (request) => noting(PLAIN.decode(request)),
      }
    : {
        encode: (request) => noting(PLAIN.encode(request)),
        decode: (request) => (taking() ? MALFORMED : PLAIN.decode(request)),
      };
}
