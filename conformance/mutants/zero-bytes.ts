/** Mistaken tests for bytes of zero in a word: DELTA-22, DELTA-25. */

import { ENCODER, type EncoderRules } from "./encoder.ts";
import { encoding, type Mistake, preferring } from "./mutant.ts";

/**
 * Tests for a byte of zero in the XOR of two words of eight, which is where an nzrun ends; lane by lane, with the carry or borrow
 * that arithmetic on whole words has.
 */
export function zeroByteTests(): Mistake[] {
  return [
    zeroByteTest("without-complement", 22, "Finds bytes of zero by (x - 01) & 80, without & ~x.", (xor, borrow) => {
      const difference = xor - 1 - borrow;
      return { isZero: (difference & 0x80) !== 0, carry: difference < 0 ? 1 : 0 };
    }),
    zeroByteTest("with-carry", 25, "Finds bytes of zero by x + 7f, which carries into the next byte.", (xor, carry) => {
      const sum = xor + 0x7f + carry;
      return { isZero: ((sum | xor) & 0x80) === 0, carry: sum >> 8 };
    }),
    zeroByteTest("without-or", 22, "Finds bytes of zero by (x & 7f) + 7f, and so 80 too.", (xor) => {
      return { isZero: (xor & 0x7f) === 0, carry: 0 };
    }),
    zeroByteTest(
      "32-bits",
      25,
      "Finds bytes of zero with constants of 32 bits: the upper four are none.",
      (xor, _, lane) => {
        return { isZero: xor === 0 && lane < 4, carry: 0 };
      },
    ),
  ];
}

type LaneTest = (xor: number, carry: number, lane: number) => { readonly isZero: boolean; readonly carry: number };

function zeroByteTest(name: string, breaks: number, what: string, test: LaneTest): Mistake {
  const nextEqual: EncoderRules["nextEqual"] = (oldPage, newPage, from) => {
    let offset = from;
    for (; offset + 8 <= newPage.length; offset += 8) {
      let carry = 0;
      for (let lane = 0; lane < 8; lane++) {
        const found = test(oldPage[offset + lane]! ^ newPage[offset + lane]!, carry, lane);
        if (found.isZero) return Math.max(from + 1, offset + lane);
        carry = found.carry;
      }
    }
    return ENCODER.nextEqual(oldPage, newPage, offset);
  };
  const codec = breaks === 25 ? preferring({ nextEqual }) : encoding({ nextEqual });
  return { name: `zero-byte-${name}`, breaks, what, codec };
}
