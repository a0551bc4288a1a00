import { expect, test } from "vitest";
import { Random } from "./random.ts";

/** sfc32 as its author writes it, on integers that do not overflow. */
function* oracle(seed: bigint): Generator<number> {
  const u32 = (value: bigint) => value & 0xffffffffn;
  let [a, b, c, counter] = [0n, u32(seed), seed >> 32n, 1n];
  for (let drawn = 0; ; drawn++) {
    const sum = u32(a + b + counter);
    counter = u32(counter + 1n);
    a = b ^ (b >> 9n);
    b = u32(c + (c << 3n));
    c = u32(u32((c << 21n) | (c >> 11n)) + sum);
    if (12 <= drawn) yield Number(sum);
  }
}

test.each([0, 1, 2 ** 32, 0xdeadbeef, Number.MAX_SAFE_INTEGER])("the numbers of seed %d are those of sfc32", (seed) => {
  const random = new Random(seed);
  const expected = oracle(BigInt(seed));
  for (let draw = 0; draw < 1000; draw++) expect(random.next()).toBe(expected.next().value);
});

test("numbers below a limit, fractions and bytes are in range, and each comes about as often as another", () => {
  const random = new Random(7);
  const counts = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 100_000; draw++) counts[random.below(10)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  const fractions = Array.from({ length: 1000 }, () => random.fraction());
  expect(fractions.every((fraction) => 0 <= fraction && fraction < 1)).toBe(true);
  const bytes = new Uint8Array(100_000);
  random.fill(bytes, 1, bytes.length - 1);
  expect([bytes[0], bytes.at(-1)]).toEqual([0, 0]);
  const byteCounts = new Array<number>(256).fill(0);
  for (const byte of bytes) byteCounts[byte]!++;
  for (const count of byteCounts) expect(Math.abs(count - 390)).toBeLessThan(120);
});

test("a limit of 2^32 gives every number, and none beyond it", () => {
  const [limited, plain] = [new Random(3), new Random(3)];
  for (let draw = 0; draw < 1000; draw++) expect(limited.below(2 ** 32)).toBe(plain.next());
});

test.each([-1, 0.5, 2 ** 53, Number.NaN])("%d is no seed", (seed) => {
  expect(() => new Random(seed)).toThrow("seed has to be an integer from 0 to 9007199254740991");
});
