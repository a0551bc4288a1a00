/**
 * Drawn guests for senders: small plans that fast-check draws and shrinks, and what becomes of them: steps. A page comes back to what
 * it was in many of them, since a delta from old bytes shows nowhere else.
 */

import fc from "fast-check";
import type { GuestStep } from "../../vectors/index.ts";
import { RAM_PAGE_BYTES } from "../protocol.ts";
import { bytesText } from "./annotate.ts";
import type { SendSource } from "./send-cases.ts";

/** One thing that happens; its page is one of a few, so that pages are sent again. */
export type StepPlan =
  | { readonly kind: "round" }
  | {
      /** Some bytes; behind the end of a page those of the next one, as far as there is one. */
      readonly kind: "bytes";
      readonly pageIndex: number;
      readonly pageOffset: number;
      readonly bytes: readonly number[];
    }
  | {
      /** A whole page; `trip`: a round with it, then what the RAM is filled with, and another round. */
      readonly kind: "page" | "trip";
      readonly pageIndex: number;
      readonly texture: (typeof TEXTURES)[number];
    };

/** A guest. */
export interface GuestPlan {
  readonly kind: "send";
  readonly ramPageCount: number;
  readonly cachePageCount: number;
  /** Whether the guest fills its RAM first, and the sender does a round. */
  readonly isFilled: boolean;
  readonly steps: readonly StepPlan[];
}

/** What drawn guests are about: all that can be told of any guest. */
export const DRAWN_GUEST_SHOWS: readonly string[] = [
  ...["SESSION-4", "SESSION-1", "SESSION-2", "SESSION-3", "SESSION-5", "SESSION-6", "SESSION-7", "SESSION-8"],
  "SESSION-14",
];

/** What a whole page is written with; the first is what a failure is shrunk to. */
const TEXTURES = ["content", "zero", "repeated", "comb", "long"] as const;

// The first and the last page of the RAM are as likely as some others.
const pageIndex = fc.constantFrom(0, 0, 1, 1, 2, -1);

const round = fc.record({ kind: fc.constant("round" as const) });

const bytes = fc.record({
  kind: fc.constant("bytes" as const),
  pageIndex,
  pageOffset: fc.constantFrom(0, 5, 5, 9, 9, 13, 2048, RAM_PAGE_BYTES - 1),
  // Few values, so that a byte is undone at times.
  bytes: fc.array(fc.constantFrom(1, 2, 3, 0), { minLength: 1, maxLength: 3 }),
});

const texture = fc.constantFrom(...TEXTURES);
const page = fc.record({ kind: fc.constant("page" as const), pageIndex, texture });
const trip = fc.record({ kind: fc.constant("trip" as const), pageIndex, texture });

const step: fc.Arbitrary<StepPlan> = fc.oneof(
  { weight: 8, arbitrary: round },
  { weight: 8, arbitrary: bytes },
  { weight: 3, arbitrary: page },
  { weight: 3, arbitrary: trip },
);

/** Draws guests. */
export const guestPlan: fc.Arbitrary<GuestPlan> = fc.record({
  kind: fc.constant("send" as const),
  ramPageCount: fc.constantFrom(2, 2, 1, 3, 4, 17),
  cachePageCount: fc.constantFrom(4, 4, 1, 1, 2, 32, 16_384),
  isFilled: fc.constantFrom(false, true, true),
  steps: fc.array(step, { maxLength: 16 }),
});

/** The guest of a plan, drawn when it is asked for. */
export function drawnGuest(drawPlan: () => GuestPlan, drawnWith: string): SendSource {
  let drawn: GuestPlan | undefined;
  const plan = () => {
    drawn ??= drawPlan();
    return drawn;
  };
  return {
    requirements: DRAWN_GUEST_SHOWS,
    get ramSize() {
      return plan().ramPageCount * RAM_PAGE_BYTES;
    },
    get cacheSize() {
      return plan().cachePageCount * RAM_PAGE_BYTES;
    },
    get steps() {
      return stepsOf(plan());
    },
    get why() {
      const rounds = stepsOf(plan()).filter(({ kind }) => kind === "round").length + 1;
      const size = bytesText(plan().ramPageCount * RAM_PAGE_BYTES);
      return `${drawnWith}: a guest with a RAM of ${size}, sent in ${rounds} round${rounds === 1 ? "" : "s"}`;
    },
  };
}

function stepsOf({ ramPageCount, isFilled, steps }: GuestPlan): GuestStep[] {
  const ramSize = ramPageCount * RAM_PAGE_BYTES;
  const filled: GuestStep[] = [{ kind: "write", offset: 0, bytes: textured("content", ramSize) }, { kind: "round" }];
  return [...(isFilled ? filled : []), ...steps.flatMap((each) => stepsOfOne(each, ramSize))];
}

function stepsOfOne(plan: StepPlan, ramSize: number): GuestStep[] {
  if (plan.kind === "round") return [{ kind: "round" }];
  const pageCount = ramSize / RAM_PAGE_BYTES;
  const address = (((plan.pageIndex % pageCount) + pageCount) % pageCount) * RAM_PAGE_BYTES;
  if (plan.kind === "bytes") {
    const offset = address + plan.pageOffset;
    return [{ kind: "write", offset, bytes: Uint8Array.from(plan.bytes).subarray(0, ramSize - offset) }];
  }
  const there: GuestStep = { kind: "write", offset: address, bytes: textured(plan.texture, RAM_PAGE_BYTES) };
  if (plan.kind === "page") return [there];
  const back: GuestStep = { kind: "write", offset: address, bytes: textured("content", RAM_PAGE_BYTES) };
  return [there, { kind: "round" }, back, { kind: "round" }];
}

/** So many bytes are changed at the begin of `long`: a delta that has room in a page, and not in a record that is no longer than a page record. */
const LONG_BYTES = 4091;

/** Bytes of a texture. Every other byte of `comb` is that of `content`, so that one is an overflow from the other. */
function textured(texture: (typeof TEXTURES)[number], byteCount: number): Uint8Array {
  const content = Uint8Array.from({ length: byteCount }, (_, offset) => 0x80 + (offset % 7));
  switch (texture) {
    case "content":
      return content;
    case "zero":
      return new Uint8Array(byteCount);
    case "repeated":
      return new Uint8Array(byteCount).fill(0x11);
    case "comb":
      return content.map((byte, offset) => (offset % 2 === 0 ? byte : byte ^ 0x40));
    case "long":
      return content.map((byte, offset) => (offset < LONG_BYTES ? byte ^ 0x40 : byte));
  }
}
