/**
 * What a fuzz stream is made of: small plans that fast-check draws and shrinks. `fuzz-stream-build.ts` turns them into bytes.
 */

import fc from "fast-check";
import { byte, changeFields, type DamagePlan, damage, type PagePlan, type PairPlan, rarely } from "./fuzz-plans.ts";

/** One record. Its page is one of a few, so that pages are sent again and deltas have an old page. */
export type RecordPlan = {
  readonly pageIndex: number;
  /** Name the block again, where CONTINUE would do. */
  readonly named: boolean;
} & (
  | { readonly kind: "zero"; readonly fill: number }
  | { readonly kind: "page"; readonly page: PageContent }
  | { readonly kind: "xbzrle"; readonly pairs: readonly PairPlan[] }
  /** A zlib stream of one stored block, or of one byte many times with the codes that zlib calls fixed. */
  | { readonly kind: "compressed"; readonly page: PageContent; readonly isRepeated: boolean }
  /** A list of the one block, or of none; or a record that says nothing. */
  | { readonly kind: "list" | "empty-list" | "flush" }
);

/** The bytes of a page, as in plans for codecs. */
export type PageContent = Omit<PagePlan, "pageSize">;

/** The one thing about a stream that is not as a sender writes it. `at` and `within` are fractions: of the pieces, and of one of them. */
export type MutationPlan =
  | {
      /** A piece of another form: `choice` counts through `STREAM_FLAWS`. */
      readonly kind: "flaw";
      readonly at: number;
      readonly choice: number;
    }
  | {
      /** A record with a delta that is damaged, as those for decoders are. */
      readonly kind: "delta";
      readonly at: number;
      readonly pairs: readonly PairPlan[];
      readonly damages: readonly DamagePlan[];
    }
  | {
      /** A piece is left out, said twice, or changes places with the next one. */
      readonly kind: "drop" | "repeat" | "swap";
      readonly at: number;
    }
  | {
      /** Bytes are changed, cut off, put in, taken out, or written once more from another place of the stream. */
      readonly kind: "flip" | "set" | "cut" | "insert" | "remove" | "splice";
      readonly at: number;
      readonly within: number;
      readonly byte: number;
    }
  | {
      /** A number of two, four or eight bytes is overwritten. */
      readonly kind: "number";
      readonly at: number;
      readonly within: number;
      readonly byteCount: 2 | 4 | 8;
      readonly value: bigint;
    };

/** A stream for the guest of docs/adapter.md. */
export interface StreamPlan {
  readonly kind: "receive" | "compressed";
  readonly ramPageCount: number;
  readonly sectionId: number;
  /** The records of the start behind its list, of each part, and of the last. */
  readonly start: readonly RecordPlan[];
  readonly parts: readonly (readonly RecordPlan[])[];
  readonly last: readonly RecordPlan[];
  /** Nothing stands for a stream without one. */
  readonly description: string | undefined;
  readonly mutation: MutationPlan | undefined;
}

const place = {
  // The first and the last page of the RAM are as likely as some others.
  pageIndex: fc.constantFrom(0, 0, 1, 1, 2, -1),
  named: rarely,
} as const;

// What stands first is what a failure is shrunk to.
const texture = fc.constantFrom<PagePlan["texture"][]>("fill", "zero", "counter", "noise");
const content: fc.Arbitrary<PageContent> = fc.record({ texture, textureByte: byte });

const runLength = fc.oneof(
  { withCrossShrink: true },
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 140 }) },
  { weight: 1, arbitrary: fc.constantFrom(127, 128, 129, 255, 256, 257) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 1300 }) },
);

/** Pairs as a sender writes them; longer forms are left open by DELTA-3, and would leave the whole stream open. */
const pair: fc.Arbitrary<PairPlan> = fc.record({
  ...changeFields,
  // So that most deltas have room in a record.
  gap: fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 6, arbitrary: runLength },
  ),
  length: runLength,
  count: fc.integer({ min: 1, max: 3 }),
  longerZrun: fc.constant(false),
  longerNzrun: fc.constant(false),
  equalLiterals: fc.constantFrom("none", "none", "alternate", "all"),
});

const zero = fc.record({ ...place, kind: fc.constant("zero" as const), fill: fc.constant(0) });
const page = fc.record({ ...place, kind: fc.constant("page" as const), page: content });
const xbzrle = fc.record({
  ...place,
  kind: fc.constant("xbzrle" as const),
  pairs: fc.array(pair, { minLength: 1, maxLength: 3 }),
});
const compressed = fc.record({
  ...place,
  kind: fc.constant("compressed" as const),
  page: content,
  isRepeated: fc.boolean(),
});
const list = fc.record({ ...place, kind: fc.constantFrom("list" as const, "empty-list" as const) });
/** What a receiver may refuse. */
const leftOpen = fc.oneof(
  fc.record({ ...place, kind: fc.constant("flush" as const) }),
  fc.record({ ...place, kind: fc.constant("zero" as const), fill: byte }),
  fc.record({
    ...place,
    kind: fc.constant("xbzrle" as const),
    pairs: fc.array(
      pair.map((sound) => ({ ...sound, longerZrun: true })),
      { maxLength: 1 },
    ),
  }),
);

const plainRecord: fc.Arbitrary<RecordPlan> = fc.oneof(
  { weight: 8, arbitrary: zero },
  { weight: 12, arbitrary: page },
  { weight: 20, arbitrary: xbzrle },
  { weight: 1, arbitrary: list },
  { weight: 1, arbitrary: leftOpen },
);

const fraction = fc.integer({ min: 0, max: 999 }).map((thousandths) => thousandths / 1000);

const hostileNumber = fc.constantFrom(
  0xffff_ffff_ffff_ffffn,
  0n,
  1n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_8000_8000n,
  4097n,
  4096n,
  65_536n,
  0x1_0000_0000n,
);

const mutation: fc.Arbitrary<MutationPlan> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("flaw" as const), at: fraction, choice: fc.nat(9999) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("delta" as const),
      at: fraction,
      pairs: fc.array(pair, { minLength: 1, maxLength: 2 }),
      damages: fc.array(damage, { minLength: 1, maxLength: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("drop", "repeat", "swap"), at: fraction }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("flip", "flip", "set", "cut", "insert", "remove", "splice"),
      at: fraction,
      within: fraction,
      byte,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("number" as const),
      at: fraction,
      within: fraction,
      byteCount: fc.constantFrom(2, 4, 8),
      value: hostileNumber,
    }),
  },
);

/** Streams of such records, every other one with one mutation. */
function streamPlan(kind: StreamPlan["kind"], record: fc.Arbitrary<RecordPlan>): fc.Arbitrary<StreamPlan> {
  return fc.record({
    kind: fc.constant(kind),
    ramPageCount: fc.constantFrom(4, 4, 2, 16, 40),
    // Not 0, which a vector asks for: QEMU departs from the chapter there in every stream (departures.md, "Section id 0").
    sectionId: fc.constantFrom(2, 2, 1, 3, 0x7e, 0x0100, 0x7fff_ffff, 0xffff_ffff),
    start: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(record, { maxLength: 2 })),
    parts: fc.array(fc.array(record, { maxLength: 5 }), { maxLength: 4 }),
    last: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(record, { maxLength: 3 })),
    description: fc.constantFrom("{}", undefined, "", "{this is no JSON"),
    mutation: fc.oneof(fc.constant(undefined), mutation),
  });
}

/** Draws streams without compressed records. */
export const receivePlan: fc.Arbitrary<StreamPlan> = streamPlan("receive", plainRecord);

/** Draws streams with compressed records among others. */
export const compressedPlan: fc.Arbitrary<StreamPlan> = streamPlan(
  "compressed",
  fc.oneof({ weight: 1, arbitrary: plainRecord }, { weight: 1, arbitrary: compressed }),
);
