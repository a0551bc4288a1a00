/** `xbzrle stream check`: sound streams are called sound, and each fault is told with its place and its requirement. */

import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { readStream, STREAMS_FOLDER } from "../../../vectors/capture/stored-stream.ts";
import { join } from "../../../vectors/generate/spell.ts";
import * as spell from "../../../vectors/generate/spell-stream.ts";
import { loadReceiveVectors } from "../../../vectors/index.ts";
import { cut, runStream } from "./fakes/run.ts";

/** A stream with one part of such records. */
function streamOf(...records: readonly Uint8Array[]): Uint8Array {
  return join(spell.header(), spell.start(65_536), spell.part(records), spell.end());
}

async function check(stream: Uint8Array, ...options: readonly string[]) {
  const { status, stdout, stderr } = await runStream(["check", "-", ...options], { stdin: cut(stream, 997) });
  expect(stderr).toBe("");
  return { status, said: stdout.toString() };
}

test.each(["plain", "xbzrle", "compress", "xbzrle-compress"])("the captured stream %s is sound", async (name) => {
  const { stream } = await readStream(STREAMS_FOLDER, name);
  const { status, said } = await check(stream);
  expect([status, said]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^sound: ${stream.length} bytes, \\d+ records\n$`)),
  ]);
});

test("a stream without a description is sound, and the doubt is told", async () => {
  const stream = join(spell.header(), spell.start(65_536), 0);
  expect(await check(stream)).toEqual({
    status: 0,
    said: "sound: 68 bytes, 3 records; no description tells where the states of devices end\n",
  });
});

/** What only a guest can refuse: its machine type, its blocks, its capabilities. */
const OF_A_GUEST =
  /^(machine-mismatch|section-unknown|used-length-mismatch|capability-mismatch|listed-block-unknown|page-size-mismatch)$/;

test("each vector for receivers with one fault is refused with that fault, but for those of a guest", async () => {
  const wrong: string[] = [];
  let count = 0;
  for (const { id, accept, stream, chapter } of loadReceiveVectors()) {
    const [only, ...others] = accept;
    if (only?.kind !== "malformed" || 0 < others.length || only.fault === undefined) continue;
    if (OF_A_GUEST.test(only.fault)) continue;
    count += 1;
    const { status, said } = await check(stream, "--all");
    if (status !== 1 || !said.includes(`${only.fault} at stream byte `))
      wrong.push(`${chapter} ${id} ${only.fault}: ${said}`);
  }
  expect(count).toBeGreaterThan(100);
  expect(wrong).toEqual([]);
});

const zlib = deflateSync(Buffer.alloc(4096));
const page = spell.pageRecord(0, Buffer.alloc(4096, 1));

test.each([
  ["RECORD-17", [spell.zeroRecord(0, "ram", 1)]],
  ["RECORD-16", [spell.zeroRecord(0, "ram", 1)]],
  ["COMP-9", [spell.compressedRecord(0, zlib)]],
  ["COMP-8", [page, spell.compressedRecord(0, Buffer.concat([zlib, Buffer.from("x")]), spell.CONTINUED)]],
  ["COMP-8", [page, spell.compressedRecord(0, deflateSync(Buffer.alloc(4095)), spell.CONTINUED)]],
  ["COMP-4", [page, spell.compressedRecord(0, Buffer.from("no zlib"), spell.CONTINUED)]],
  ["DELTA-22", [page, spell.xbzrleRecord(0, [], spell.CONTINUED)]],
  ["RECORD-22", [page, spell.xbzrleRecord(0, Buffer.from([0, 0]), spell.CONTINUED)]],
])("what a sender must not write is told: %s", async (requirement, records) => {
  for (const options of [[], ["--all"]]) {
    const { status, said } = await check(streamOf(...records), ...options);
    expect([status, said]).toEqual([1, expect.stringMatching(new RegExp(`stream byte \\d+.*\\(.*${requirement}\\)`))]);
  }
});

test("an end of section with an address is told", async () => {
  const odd = join(2, spell.bigEndian(2, 4), spell.word(4096, spell.FLAG.endOfSection), spell.footer());
  const stream = join(spell.header(), spell.start(65_536), odd, spell.end());
  expect((await check(stream)).said).toBe("stream byte 72: an end of section with address 4096 (RECORD-30)\n");
});

test("with --all each fault has its line, to the one behind which nothing can be read", async () => {
  const wrong = spell.zeroRecord(0, spell.CONTINUED, 1);
  const stream = streamOf(page, wrong, wrong, spell.word(0, 0x001));
  const { status, said } = await check(stream, "--all");
  const places = said.split("\n").map((line) => line.split(" ").slice(0, 5).join(" "));
  expect([status, places]).toEqual([
    1,
    [
      "fill-not-zero at stream byte 4180",
      "fill-not-zero at stream byte 4189",
      "flags-unknown at stream byte 4198",
      "faults: 3",
      "",
    ],
  ]);
  expect((await check(stream)).said.split("\n").length).toBe(2);
});

test("what is recommended is told, and no fault", async () => {
  expect(await check(streamOf(page, spell.zeroRecord(0), spell.zeroRecord(4096)))).toEqual({
    status: 0,
    said: expect.stringMatching(/\nrecommended: RECORD-14 is not followed 2 times, first at stream byte 4180\n$/),
  });
});

const delta = (bytes: readonly number[]) => spell.xbzrleRecord(0, bytes, spell.CONTINUED);

test.each([
  ["DELTA-4", "4192", [page, delta([1, 0x81, 0, 9])]],
  ["DELTA-25", "4194", [page, delta([1, 2, 9, 1])]],
  ["DELTA-25", "4207", [page, delta([0, 1, 9]), delta([0, 1, 9])]],
])("what is recommended of deltas is told, and no fault: %s", async (requirement, place, records) => {
  expect(await check(streamOf(...records))).toEqual({
    status: 0,
    said: expect.stringMatching(
      new RegExp(
        `^sound: .*\nrecommended: ${requirement} is not followed 1 times, first at stream byte ${place} \\(block "ram", page 0\\)\n$`,
      ),
    ),
  });
});

test("the literals of a page that was never sent are not looked at", async () => {
  const unknown = [spell.zeroRecord(0), spell.xbzrleRecord(4096, [0, 2, 0, 0], spell.CONTINUED)];
  expect(await check(streamOf(...unknown, spell.xbzrleRecord(4096, [0, 2, 0, 0], spell.CONTINUED)))).toMatchObject({
    said: expect.stringMatching(/^sound: [^\n]*\n$/),
  });
});

test("a bridge in a long page, which has no canonical delta, is no departure", async () => {
  const records = [
    spell.pageRecord(0, Buffer.alloc(65_536)),
    spell.xbzrleRecord(0, [0xff, 0x7f, 1, 0, 0xff, 0x7f, 1, 9], spell.CONTINUED),
  ];
  const { stdout } = await runStream(["check", "-", "--page-size", "65536"], { stdin: [streamOf(...records)] });
  expect(stdout.toString()).toMatch(/^sound: [^\n]*\n$/);
});
