/**
 * What a fuzz case is made of: small plans that fast-check draws and shrinks. `fuzz-build.ts` turns them into pages and deltas.
 */

import fc from "fast-check";

/** How the bytes of an old page are chosen. */
export interface PagePlan {
  /** In bytes. */
  readonly pageSize: number;
  readonly texture: "zero" | "fill" | "counter" | "noise";
  /** The byte of `fill`, the first of `counter`, the seed of `noise`. */
  readonly textureByte: number;
}

/** Changed bytes: `count` times a gap and then a run, both lengths in bytes. */
export interface ChangePlan {
  readonly gap: number;
  readonly length: number;
  readonly count: number;
  readonly change: "increment" | "invert" | "xor" | "noise";
  /** The operand of `xor`, the seed of `noise`. */
  readonly changeByte: number;
}

/** The capacity of an encode case, in bytes: the page size, or an offset to the canonical size N. */
export type CapacityPlan = { readonly from: "page" | "canonical" | "zero"; readonly offset: number };

/** A case for an encoder. */
export interface EncodePlan {
  readonly operation: "encode";
  readonly page: PagePlan;
  readonly changes: readonly ChangePlan[];
  readonly capacity: CapacityPlan;
}

/** Pairs of a delta: `count` times a zrun and an nzrun, with what is not canonical in them. */
export interface PairPlan extends ChangePlan {
  /** Write a length below 128 in two bytes. */
  readonly longerZrun: boolean;
  readonly longerNzrun: boolean;
  /** Each literal that equals the old byte: none, every one, or every other one. */
  readonly equalLiterals: "none" | "all" | "alternate";
}

/** How a delta is damaged: `length` says another length for a run, the others change bytes. `at` is a fraction of its size. */
export interface DamagePlan {
  readonly kind: "length" | "flip" | "set" | "cut" | "insert" | "remove" | "append";
  readonly at: number;
  readonly byte: number;
}

/** A case for a decoder: a delta that the reference encoder would not write, damaged or not. */
export interface DecodePlan {
  readonly operation: "decode";
  readonly page: PagePlan;
  readonly pairs: readonly PairPlan[];
  readonly damages: readonly DamagePlan[];
}

/** What a fuzz case is made of. */
export type FuzzPlan = EncodePlan | DecodePlan;

/** Draws a byte, those at the edges often. */
export const byte: fc.Arbitrary<number> = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0x81, 0xfe, 0xff), fc.nat(255));

const pageSize = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 300 }) },
  { weight: 8, arbitrary: fc.constant(4096) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 5000 }) },
  { weight: 1, arbitrary: fc.constantFrom(8192, 16383, 16384, 16385, 32768, 65535, 65536) },
);

const page: fc.Arbitrary<PagePlan> = fc.record({
  pageSize,
  texture: fc.constantFrom("zero", "fill", "counter", "noise"),
  textureByte: byte,
});

const runLength = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 140 }) },
  { weight: 2, arbitrary: fc.constantFrom(7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(8191, 8192, 16382, 16383, 16384) },
);

const count = fc.oneof(
  { weight: 8, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 30 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2100 }) },
);

/** Draws the fields of a change. */
export const changeFields = {
  gap: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 6, arbitrary: runLength }),
  length: runLength,
  count,
  change: fc.constantFrom("increment", "invert", "xor", "noise"),
  changeByte: byte,
} as const satisfies { readonly [Field in keyof ChangePlan]: fc.Arbitrary<ChangePlan[Field]> };

const change: fc.Arbitrary<ChangePlan> = fc.record(changeFields);

const capacity: fc.Arbitrary<CapacityPlan> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ from: fc.constant("page" as const), offset: fc.constant(0) }) },
  {
    weight: 5,
    arbitrary: fc.record({ from: fc.constant("canonical" as const), offset: fc.integer({ min: -5, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ from: fc.constantFrom("canonical", "zero"), offset: fc.nat(200) }) },
);

/** Draws true one time in ten. */
export const rarely: fc.Arbitrary<boolean> = fc.integer({ min: 0, max: 9 }).map((roll) => roll === 9);

const pair: fc.Arbitrary<PairPlan> = fc.record({
  ...changeFields,
  longerZrun: rarely,
  longerNzrun: rarely,
  equalLiterals: fc.constantFrom("none", "none", "alternate", "all"),
});

/** Draws how a delta is damaged. */
export const damage: fc.Arbitrary<DamagePlan> = fc.record({
  kind: fc.constantFrom("length", "length", "length", "flip", "set", "cut", "insert", "remove", "append"),
  at: fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000),
  byte,
});

/** Draws plans for an encoder. */
export const encodePlan: fc.Arbitrary<EncodePlan> = fc.record({
  operation: fc.constant("encode"),
  page,
  changes: fc.array(change, { maxLength: 8 }),
  capacity,
});

/** Draws plans for a decoder. */
export const decodePlan: fc.Arbitrary<DecodePlan> = fc.record({
  operation: fc.constant("decode"),
  page,
  pairs: fc.array(pair, { minLength: 1, maxLength: 8 }),
  damages: fc.array(damage, { maxLength: 2 }),
});
