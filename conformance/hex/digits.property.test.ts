import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { expect } from "vitest";
import type { WebAssemblyEngine } from "../../reference/delta/simd/engine.ts";
import { createWriteHex } from "./digits.ts";

/** An engine that knows no instruction. */
const NO_SIMD = { validate: () => false } as unknown as WebAssemblyEngine;

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 70 }),
  fc.integer({ min: 65_500, max: 131_100 }).map((length) => Uint8Array.from({ length }, (_, at) => at * 7 + (at >> 8))),
);

test.prop([bytes, fc.nat(9), fc.constantFrom(undefined, NO_SIMD)])(
  "digits are those of the bytes, two for each and nothing beside them, with SIMD and without",
  (bytes, offset, engine) => {
    const target = Buffer.alloc(offset + 2 * bytes.length + 3, "-");
    createWriteHex(engine)(target, offset, bytes);
    expect(target.toString("latin1")).toBe(`${"-".repeat(offset)}${Buffer.from(bytes).toString("hex")}---`);
  },
);
