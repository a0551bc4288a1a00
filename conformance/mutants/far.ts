/** Mistakes that show far into a delta only: its bytes are counted in too few bits, or no longer checked. */

import type { DeltaFault } from "../../reference/index.ts";
import { DECODER, FAULTS, faultNumber, type Reading, refuseIf, type Step } from "./decoder.ts";
import { ENCODER, type EncoderRules } from "./encoder.ts";
import { checking, encoding, type Mistake, takingCapacity, theme } from "./mutant.ts";
import { unchecked } from "./partial-checks.ts";

/** The mutants of the theme. */
export const far = theme("far", [
  ...[4096, 32_768, 65_536].flatMap((from) => FAULTS.map((fault) => forgetting(fault, from))),
  ...[12, 15, 16].flatMap((bits) => [
    wrapping("length-truncated", bits, () => 1),
    wrapping("zrun-unpaired", bits, () => 1),
    wrapping("nzrun-truncated", bits, ({ length }) => length),
  ]),
  ...[8192, 32_768, 65_536].flatMap((from) => [
    room(`one-past-from-${from}`, 26, `Writes one byte past a capacity of ${from} bytes and more.`, ({ capacity }) =>
      from <= capacity ? -1 : 0,
    ),
    room(`two-past-from-${from}`, 26, `Writes two bytes past a capacity of ${from} bytes and more.`, ({ capacity }) =>
      from <= capacity ? -2 : 0,
    ),
    room(
      `three-more-from-${from}`,
      27,
      `Asks for three bytes to spare at a capacity of ${from} bytes and more.`,
      ({ capacity }) => (from <= capacity ? 3 : 0),
    ),
  ]),
  ...[13, 15].flatMap((bits): Mistake[] => [
    {
      name: `used-${bits}-bits`,
      breaks: 26,
      what: `Counts the bytes written in ${bits} bits.`,
      codec: encoding({
        hasRoom: (byteCount, { used, request }) => lowBits(used + byteCount, bits) <= request.capacity,
      }),
    },
    {
      name: `capacity-${bits}-bits`,
      breaks: 27,
      what: `Takes the capacity for a number of ${bits} bits.`,
      codec: takingCapacity((capacity) => lowBits(capacity, bits)),
    },
  ]),
]);

/** A decoder that does not look for a fault from a delta offset on. */
function forgetting(fault: DeltaFault, from: number): Mistake {
  const check = DECODER.faults[fault];
  const instead = unchecked(fault);
  const step = (reading: Reading) => (from <= reading.lengthOffset ? instead(reading) : check(reading));
  const what = `Does not look for ${fault} from delta byte ${from} on.`;
  return { name: `${fault}-from-${from}`, breaks: faultNumber(fault), what, codec: checking({ [fault]: step }) };
}

/** A decoder that adds what it needs to a delta offset that it keeps in some bits. */
function wrapping(fault: DeltaFault, bits: number, needed: (reading: Reading) => number): Mistake {
  const instead = unchecked(fault);
  const step = (reading: Reading): Step => {
    const { delta, deltaOffset } = reading;
    const isFound = delta.length < lowBits(deltaOffset, bits) + needed(reading);
    return isFound ? refuseIf(true) : instead(reading);
  };
  const what = `Looks for ${fault} at the delta offset as ${bits} bits keep it.`;
  return { name: `${fault}-${bits}-bits`, breaks: faultNumber(fault), what, codec: checking({ [fault]: step }) };
}

/** An encoder that asks for some bytes more, or fewer, behind the literals. */
function room(
  name: string,
  breaks: number,
  what: string,
  moreBytes: (request: { readonly capacity: number }) => number,
): Mistake {
  const hasRoom: EncoderRules["hasRoom"] = (byteCount, writing, piece) => {
    const more = piece === "literals" ? moreBytes(writing.request) : 0;
    return ENCODER.hasRoom(byteCount + more, writing, piece);
  };
  return { name: `room-${name}`, breaks, what, codec: encoding({ hasRoom }) };
}

function lowBits(count: number, bits: number): number {
  return count % 2 ** bits;
}
