/** `xbzrle stream inspect`: its numbers are those that QEMU has counted, and those of its own list. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertIndexedToRgb, decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { readStream, STREAMS_FOLDER } from "../../../vectors/capture/stored-stream.ts";
import { join as joined } from "../../../vectors/generate/spell.ts";
import * as spell from "../../../vectors/generate/spell-stream.ts";
import { cut, file, runStream, temporaryFolder } from "./fakes/run.ts";
import type { StreamSummary } from "./summary.ts";

const folder = temporaryFolder();

/** What QEMU has counted. */
interface QemuStatistics {
  readonly normal: number;
  readonly duplicate: number;
}

async function summaryOf(stream: Uint8Array): Promise<StreamSummary> {
  const { stdout } = await runStream(["inspect", "-", "--json"], { stdin: cut(stream, 4099) });
  return JSON.parse(stdout.toString());
}

describe.each(["plain", "xbzrle", "compress", "xbzrle-compress"])("the captured stream %s", (name) => {
  test("has as many pages and zeros as QEMU has counted, and as many bytes as its records have", async () => {
    const { provenance, stream } = await readStream(STREAMS_FOLDER, name);
    const { machine, records, rounds, roundCount, byteCount, sections, deltaSizes, description } =
      await summaryOf(stream);
    const statistics = provenance.statistics as QemuStatistics;
    expect([machine, byteCount]).toEqual(["pc-i440fx-7.2", stream.length]);
    expect(records.page.count).toBe(statistics.normal);
    // With compression threads QEMU 7.2 has counted a few more zero pages than stand in the stream.
    if (!provenance.capabilities.includes("compress")) expect(records.zero.count).toBe(statistics.duplicate);
    const tallies = Object.values(records);
    const recordBytes = tallies.reduce((sum, tally) => sum + tally.byteCount, 0);
    expect(sections.find((section) => section.name === "ram")!.byteCount).toBe(recordBytes);
    expect(rounds.length).toBe(roundCount);
    expect(rounds.reduce((sum, { zero }) => sum + zero.count, 0)).toBe(records.zero.count);
    expect(deltaSizes.reduce((sum, { count }) => sum + count, 0)).toBe(records.xbzrle.count);
    expect(description).toMatchObject({ isVerified: true });
    const listed = await runStream(["inspect", "-", "--records", "--json"], { stdin: [stream] });
    const lines = listed.stdout
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.length).toBe(tallies.reduce((sum, tally) => sum + tally.count, 0));
    // The records of a payload stand behind each other: so their sizes are right.
    const gaps = lines.filter((line, index) => {
      const next = lines[index + 1];
      return line.kind !== "end-of-section" && next.streamOffset !== line.streamOffset + line.byteCount;
    });
    expect(gaps).toEqual([]);
  });
});

const page = (address: number, fill: number) => spell.pageRecord(address, Buffer.alloc(4096, fill));
const small = joined(
  spell.header(),
  spell.start(4 * 4096),
  spell.part([
    spell.zeroRecord(0),
    page(4096, 1),
    spell.zeroRecord(8192),
    page(4096, 2),
    spell.xbzrleRecord(8192, [2, 1, 9], spell.CONTINUED),
  ]),
  spell.end(),
);

test("rounds, sizes of deltas and hot pages are told as text", async () => {
  const { status, stdout } = await runStream(["inspect", "-"], { stdin: [small] });
  const text = stdout.toString();
  expect(status).toBe(0);
  expect(text).toContain('machine: "none", page size: 4096, bytes: ');
  expect(text).toContain('  "ram" 16384 bytes, 3 of 4 pages sent, 1 as XBZRLE\n');
  expect(text).toMatch(/rounds: 2; .*\n {9}2 {7}1 {7}0 {7}0 +\d+\n {9}0 {7}1 {7}1 {7}0 /);
  expect(text).toMatch(/delta sizes, up to:\n(.*\n)* {7}4 bytes +1\n/);
  expect(text).toContain('hottest pages:\n  "ram" 4096: 2 records\n  "ram" 8192: 2 records\n');
});

test("records are listed with their offsets", async () => {
  const { stdout } = await runStream(["inspect", "-", "--records"], { stdin: [small] });
  expect(stdout.toString().split("\n").slice(-4)).toEqual([
    expect.stringMatching(/^ +\d+ {2}page +4108 bytes {2}"ram" 4096$/),
    expect.stringMatching(/^ +\d+ {2}xbzrle +14 bytes {2}"ram" 8192 continue$/),
    expect.stringMatching(/^ +\d+ {2}end-of-section +8 bytes$/),
    "",
  ]);
});

test("a picture has a pixel for each page, in the colour of its last record", async () => {
  const picture = join(folder, "ram.png");
  const { status, stderr } = await runStream(["inspect", file(folder, "small", small), "--picture", picture]);
  expect([status, stderr]).toEqual([0, expect.stringContaining(`${picture}: 64 x 1, one pixel a page`)]);
  const { width, height, ...image } = decode(readFileSync(picture));
  expect([width, height]).toEqual([64, 1]);
  const data = convertIndexedToRgb({ width, height, ...image });
  const pixels = Array.from({ length: 5 }, (_, index) =>
    Buffer.from(data.slice(3 * index, 3 * index + 3)).toString("hex"),
  );
  expect(pixels).toEqual(["b0b0b0", "1f6fd6", "e87a1d", "202020", "ffffff"]);
});

test("a picture of a RAM that is too large is refused", async () => {
  const stream = joined(spell.header(), spell.start(2 ** 50), spell.end());
  const words = ["inspect", "-", "--picture", join(folder, "large.png")];
  const { status, stderr } = await runStream(words, { stdin: [stream] });
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^xbzrle: no picture of so large a RAM: .*; leave --picture out\n$/),
  ]);
});

test("a stream with a fault is told of up to the fault", async () => {
  const { status, stdout, stderr } = await runStream(["inspect", "-"], { stdin: [small.subarray(0, 4300)] });
  expect([status, stderr]).toEqual([1, expect.stringContaining("stream-truncated at stream byte 4300")]);
  expect(stdout.toString()).toContain("fault: stream-truncated at stream byte 4300");
});

test("names out of a stream are no codes for a terminal", async () => {
  const evil = "\u001b[2J\n\u009b2J\u007f";
  const list = spell.memorySizes(4096, [[evil, 4096]]);
  const stream = joined(spell.header(evil), spell.startHeader(), list, spell.END_OF_SECTION, spell.footer(), 0);
  for (const options of [[], ["--records"], ["--json"], ["--records", "--json"]]) {
    const { stdout } = await runStream(["inspect", "-", ...options], { stdin: [stream] });
    expect(stdout.toString()).toMatch(/(x|u00)1b\[2J/);
    expect(stdout.toString()).toMatch(/^[ -~\n]*$/);
  }
});
