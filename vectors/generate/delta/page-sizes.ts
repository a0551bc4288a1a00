/** Family `page-sizes`: pages of one byte to 65,536, whole words or not. */

import type { FamilyText } from "../../format.ts";
import { Family, type Saying } from "../family.ts";
import { change, page } from "../pages.ts";
import { bridge, canonicalDelta, changedPairs, GREATEST_LENGTH, spellDelta } from "../spell.ts";
import { largePatterns, longRuns, type Pattern, patternsOf } from "./page-patterns.ts";

const SMALL_SIZES = Array.from({ length: 40 }, (_, index) => index + 1);
const SIZES = [
  ...SMALL_SIZES,
  ...[48, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1024, 2048, 4095, 4096, 4097, 8191, 8192, 8193],
  ...[16383, 16384, 16385, 32767, 32768, 32769, 65535, 65536],
];

/** The vectors of the family. */
export function pageSizes(): FamilyText {
  const family = new Family("page-sizes");
  for (const size of SIZES) {
    unchanged(family, size);
    for (const pattern of patternsOf(size)) {
      ask(family, pattern);
    }
  }
  for (const pattern of [...largePatterns(), ...longRuns()]) {
    ask(family, pattern);
  }
  return family.text();
}

function unchanged(family: Family, size: number): void {
  const oldPage = page(size);
  family.encode(`encode-${size}-unchanged`, {
    shows: [20],
    why: `An encoder that fails does not see that two pages of ${size} bytes are equal.`,
    oldPage,
    newPage: oldPage,
  });
  family.eitherWay(`decode-${size}-empty-delta`, "empty-delta", {
    shows: [10],
    why: `A decoder that accepts the empty delta and gives another page than the old one of ${size} bytes made bytes up.`,
    oldPage,
    newPage: oldPage,
    delta: new Uint8Array(0),
  });
}

function ask(family: Family, { size, name, what, changes }: Pattern): void {
  const oldPage = page(size);
  const newPage = change(oldPage, ...changes);
  family.encode(`encode-${size}-${name}`, { ...encodeSaying(oldPage, newPage, what), oldPage, newPage });
  const pairs = bridge(oldPage, changedPairs(oldPage, newPage));
  if (pairs.every(([, literals]) => literals.length <= GREATEST_LENGTH)) {
    const bridged = canonicalDelta(oldPage, newPage) === undefined;
    family.decode(`decode-${size}-${name}`, {
      shows: [8, 5, 6, 7],
      why: `A decoder that fails cannot change ${what} of a page of ${size} bytes${bridged ? " over a bridge" : ""}.`,
      ...(bridged ? { flags: ["not-canonical"] } : {}),
      oldPage,
      newPage,
      delta: spellDelta(pairs),
    });
  }
}

function encodeSaying(oldPage: Uint8Array, newPage: Uint8Array, what: string): Saying {
  const changed = `the change of ${what} of a page of ${oldPage.length} bytes`;
  const pairs = changedPairs(oldPage, newPage);
  if (pairs.some(([, literals]) => GREATEST_LENGTH < literals.length)) {
    return {
      shows: [30, 22],
      why: `An encoder that fails writes an nzrun that no length can say, or cuts it: ${changed}.`,
    };
  }
  return canonicalDelta(oldPage, newPage) === undefined
    ? {
        shows: [31, 22, 23],
        why: `An encoder that fails writes a zrun that no length can say, or bridges it wrongly: ${changed}.`,
      }
    : { shows: [23, 21, 25, 27], why: `An encoder that fails misses or misplaces ${changed}.` };
}
