/** The decode vectors against QEMU's own decoder, the one that every other has to agree with. */

import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { INSTALL_COMMAND, QEMU } from "../capture/machine.ts";
import { PAGE_SIZE } from "../generate/spell-stream.ts";
import { loadVectors } from "../load.ts";
import { type JudgedVector, judgePages, judgeRefusals, vectorsForQemu } from "./judge.ts";
import { RAM_SIZE, spellStream } from "./stream.ts";

const vectors = loadVectors();
const { wellFormed, malformed, tooLong } = vectorsForQemu(vectors);
const refusals = [...malformed].map(([fault, asked]) => ({ fault, asked, count: asked.length }));
const hasQemu = spawnSync(QEMU, ["--version"]).error === undefined;

describe.skipIf(!hasQemu)(`Vectors judged by QEMU (${INSTALL_COMMAND})`, () => {
  test(`QEMU gives the page of each of the ${wellFormed.length} well-formed vectors.`, async () => {
    expect(wellFormed.length).toBeGreaterThan(900);
    expect(await judgePages(wellFormed)).toEqual([]);
  });

  test.each(refusals)("QEMU refuses $fault, in each of $count deltas.", async ({ asked, count }) => {
    expect(count).toBeGreaterThan(10);
    expect(await judgeRefusals(asked, "decode error!")).toEqual([]);
  });

  test(`The other ${tooLong.length} are not judged: a record may not hold a delta longer than the page.`, async () => {
    expect(await judgeRefusals(tooLong, "len overflow!")).toEqual([]);
  });

  test("A vector that QEMU does not agree with is named, and what QEMU does instead.", async () => {
    const sound = wellFormed.find(({ delta }) => 16 < delta.length)!;
    const delta = sound.delta;
    delta[delta.length - 1]! ^= 1;
    expect(await judgePages([sound, changed(sound, delta), sound])).toEqual([
      expect.stringMatching(`^${sound.id}-changed: page byte [0-9]+ is [0-9]+, and not [0-9]+$`),
    ]);
    expect(await judgePages([sound, changed(sound, delta.subarray(0, -1)), sound])).toEqual([
      expect.stringContaining(`${sound.id}-changed: ${QEMU}: Failed to load XBZRLE page - decode error!`),
    ]);
    expect(await judgeRefusals([sound], "decode error!")).toEqual([`${sound.id}: accepted`]);
  });
});

test("All eight faults are among the vectors for QEMU, and every decode vector of 4096 bytes has its place.", () => {
  const placed = [...wellFormed, ...refusals.flatMap(({ asked }) => asked), ...tooLong];
  const expected = vectors.filter(({ operation, pageSize }) => operation === "decode" && pageSize === PAGE_SIZE);
  expect(refusals).toHaveLength(8);
  expect(placed.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
});

test("Pages that QEMU's RAM has no room for, or that are of another size, are a RangeError.", () => {
  const request = { oldPage: new Uint8Array(PAGE_SIZE), delta: new Uint8Array(0) };
  const tooMany = new Array(RAM_SIZE / PAGE_SIZE + 1).fill(request);
  expect(() => spellStream(tooMany)).toThrow(RangeError);
  expect(() => spellStream([{ ...request, oldPage: new Uint8Array(8) }])).toThrow(RangeError);
});

function changed({ id, accept, oldPage }: JudgedVector, delta: Uint8Array): JudgedVector {
  return { id: `${id}-changed`, accept, oldPage, delta };
}
