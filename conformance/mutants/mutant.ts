/**
 * A mutant: an implementation with one mistake. It is data; the plain codec, with the rules that the mistake replaces, is the
 * program.
 */

import type { Answer, CodecRequest, DecodeRequest, EncodeRequest } from "../protocol.ts";
import { DECODER, type DecoderRules, decodeBy } from "./decoder.ts";
import { ENCODER, type EncoderRules, encodeBy } from "./encoder.ts";

/** Both directions of an implementation; what it keeps between requests is its own. */
export interface Codec {
  encode(request: EncodeRequest): Answer;
  decode(request: DecodeRequest): Answer;
}

/** An implementation that makes one mistake. */
export interface Mutant {
  /** `theme/name`, unique. */
  readonly id: string;
  /** The id of the requirement that the mistake breaks. */
  readonly breaks: string;
  /** A sentence: the mistake, as the one who made it would describe it. */
  readonly what: string;
  /** Starts one, as a process is started. */
  readonly codec: () => Codec;
}

/** A mutant in the table of its theme: `breaks` is the number of a DELTA requirement. */
export interface Mistake {
  readonly name: string;
  readonly breaks: number;
  readonly what: string;
  readonly codec: () => Codec;
}

/** The implementation without a mistake. */
export const PLAIN: Codec = {
  encode: (request) => encodeBy(ENCODER, request),
  decode: ({ oldPage, delta }) => decodeBy(DECODER, oldPage, delta),
};

/** The mutants of one theme. */
export function theme(name: string, mistakes: readonly Mistake[]): Mutant[] {
  return mistakes.map((mistake) => ({
    id: `${name}/${mistake.name}`,
    breaks: `DELTA-${mistake.breaks}`,
    what: mistake.what,
    codec: mistake.codec,
  }));
}

/** An implementation whose decoder has some other rules. */
export function decoding(rules: Partial<DecoderRules>): () => Codec {
  const all = { ...DECODER, ...rules };
  return () => ({ encode: PLAIN.encode, decode: ({ oldPage, delta }) => decodeBy(all, oldPage, delta) });
}

/** An implementation whose decoder has other checks. */
export function checking(faults: Partial<DecoderRules["faults"]>): () => Codec {
  return decoding({ faults: { ...DECODER.faults, ...faults } });
}

/** An implementation whose encoder has some other rules. */
export function encoding(rules: Partial<EncoderRules>): () => Codec {
  const all = { ...ENCODER, ...rules };
  return () => ({ encode: (request) => encodeBy(all, request), decode: PLAIN.decode });
}

/** An encoder that writes by some other rules where the plain one has a delta and the other one has room too. */
export function preferring(rules: Partial<EncoderRules>): () => Codec {
  const other = encoding(rules)();
  return () => ({
    encode(request) {
      const plain = PLAIN.encode(request);
      const preferred = plain.kind === "delta" ? other.encode(request) : plain;
      return preferred.kind === "overflow" ? plain : preferred;
    },
    decode: PLAIN.decode,
  });
}

/** An encoder that writes by some other rules where the plain one reports overflow. */
export function resorting(rules: Partial<EncoderRules>): () => Codec {
  const other = encoding(rules)();
  return () => ({
    encode(request) {
      const plain = PLAIN.encode(request);
      return plain.kind === "overflow" ? other.encode(request) : plain;
    },
    decode: PLAIN.decode,
  });
}

/** An implementation whose encoder takes the capacity for another number. */
export function takingCapacity(taken: (capacity: number, request: EncodeRequest) => number): () => Codec {
  return () => ({
    encode: (request) => PLAIN.encode({ ...request, capacity: taken(request.capacity, request) }),
    decode: PLAIN.decode,
  });
}

/**
 * What the adapter of an implementation answers to a request; the twin, in this process, of `adapter.ts` and
 * `adapters/javascript/xbzrle_adapter.mjs`. What an implementation throws is an `error`, and so is a delta that has no room.
 */
export function answerOf(codec: Codec, request: CodecRequest): Answer {
  try {
    if (request.operation === "decode") return codec.decode(request);
    const answer = codec.encode(request);
    if (answer.kind !== "delta") return answer;
    const { delta } = answer;
    if (delta.length === 0) return { kind: "error", reason: "encode returned an empty delta" };
    if (delta.length <= request.capacity) return answer;
    const reason = `encode returned ${delta.length} bytes for a capacity of ${request.capacity}`;
    return { kind: "error", reason };
  } catch (error) {
    return { kind: "error", reason: String(error) };
  }
}
