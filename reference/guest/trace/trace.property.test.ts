/** Traces: written and read, recorded and replayed, and refused. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PacedLoad } from "../load.ts";
import { GuestBlock, SimulatedMemory } from "../memory.ts";
import { createWorkload, WORKLOADS } from "../workloads/workloads.ts";
import { readTrace } from "./read.ts";
import { TraceLoad } from "./replay.ts";
import { MalformedTraceError, type TraceHead, type TraceWrite } from "./trace.ts";
import { headLine, TraceRecorder, writeLine } from "./write.ts";

const PAGE_SIZE = 1024;

const text = fc.string({ minLength: 1, maxLength: 8, unit: fc.nat(255).map((code) => String.fromCharCode(code)) });
const head: fc.Arbitrary<TraceHead> = fc.record({
  pageSize: fc.constantFrom(1024, 4096, 65_536),
  blocks: fc
    .uniqueArray(text, { minLength: 1, maxLength: 3 })
    .map((names) => names.map((name, index) => ({ name, byteCount: 65_536 * (index + 1) }))),
});
const trace = head.chain((head) =>
  fc.record({
    head: fc.constant(head),
    writes: fc
      .array(
        fc.record({
          timeUs: fc.nat(1000),
          block: fc.constantFrom(...head.blocks.map(({ name }) => name)),
          address: fc.nat(65_000),
          bytes: fc.uint8Array({ minLength: 1, maxLength: 536 }),
        }),
      )
      .map((writes) => writes.sort((left, right) => left.timeUs - right.timeUs)),
  }),
);

const linesOf = ({ head, writes }: { head: TraceHead; writes: readonly TraceWrite[] }) =>
  [headLine(head), ...writes.map(writeLine)].map((line) => line.slice(0, -1));

const readAll = (lines: readonly string[]) => {
  const { head, writes } = readTrace(lines);
  return { head, writes: [...writes] };
};

describe("a trace", () => {
  test("is read as it was written, with empty lines between", () => {
    fc.assert(
      fc.property(trace, (written) => {
        expect(readAll(linesOf(written).flatMap((line) => ["", line, " "]))).toEqual(written);
      }),
    );
  });

  test("that was recorded writes the same again, turn by turn", () => {
    const names = fc.constantFrom(...Object.keys(WORKLOADS));
    const turns = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 12 });
    fc.assert(
      fc.property(names, fc.nat(), turns, (name, seed, turns) => {
        const make = () => new GuestBlock("ram", new Uint8Array(128 * PAGE_SIZE), PAGE_SIZE);
        const [source, target] = [make(), make()];
        const lines: string[] = [];
        const recorder = new TraceRecorder([source], (line) => lines.push(line.trimEnd()));
        const workload = createWorkload(name, { block: source, start: 0, byteCount: 128 * PAGE_SIZE }, seed);
        const load = new PacedLoad(workload, 1_000_000);
        const states = turns.map((turn) => {
          const byteCount = load.run(turn);
          recorder.advance(turn);
          return { byteCount, dirty: dirtyOf(source), bytes: source.bytes.slice() };
        });
        recorder.stop();
        source.write(0, Uint8Array.of(1));

        const replay = new TraceLoad(new SimulatedMemory("none", [target]), readTrace(lines));
        for (const [index, { byteCount, dirty, bytes }] of states.entries()) {
          expect(replay.run(turns[index]!)).toBe(byteCount);
          expect(dirtyOf(target)).toEqual(dirty);
          expect(Buffer.compare(target.bytes, bytes)).toBe(0);
        }
        expect(replay.isDone).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("is refused with its line, and never with another error, whatever a character of it becomes", () => {
    fc.assert(
      fc.property(trace, fc.nat(), fc.string({ maxLength: 2 }), (written, place, found) => {
        const whole = linesOf(written).join("\n");
        const at = place % whole.length;
        try {
          readAll((whole.slice(0, at) + found + whole.slice(at + 1)).split("\n"));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedTraceError);
          expect((error as Error).message).toMatch(/^trace line \d+: .*; docs\/guests\.md says what a trace is$/s);
        }
      }),
      { numRuns: 300 },
    );
  });

  const HEAD = '{"format":"xbzrle-trace","version":1,"pageSize":1024,"blocks":[{"name":"ram","byteCount":2048}]}';
  const WRITE = '{"timeUs":5,"block":"ram","address":2047,"bytes":"09"}';
  test.each([
    [[], 1, "there is no line"],
    [["{"], 1, "no JSON"],
    [["[]"], 1, "a line has to be an object"],
    [[HEAD.replace("trace", "image")], 1, 'format has to be "xbzrle-trace", not "xbzrle-image"'],
    [[HEAD.replace(":1,", ":2,")], 1, "version has to be an integer from 1 to 1, not 2"],
    [[HEAD.replace("1024", "1000")], 1, "page size has to be a power of two from 1024 to 65536, not 1000"],
    [[HEAD.replace("2048", "2049")], 1, "byteCount has to be a multiple of the page size 1024, not 2049"],
    [[HEAD.replace("2048", "0")], 1, "byteCount has to be an integer from 1 to"],
    [[HEAD.replace('"ram"', '""')], 1, "name has to have 1 to 255 bytes"],
    [[HEAD.replace(/\[.*\]/, "[]")], 1, "blocks has to be a list of one block or more"],
    [[HEAD.replace(/\[(.*)\]/, "[$1,$1]")], 1, "two blocks have the same name"],
    [[HEAD, "", WRITE.replace('"timeUs":5,', "")], 3, "timeUs is missing"],
    [[HEAD, WRITE.replace("{", '{"x":1,')], 2, '"x" is no member; there are timeUs, block, address, bytes'],
    [[HEAD, WRITE, WRITE.replace("5", "4")], 3, "timeUs has to be an integer from 5 to"],
    [[HEAD, WRITE.replace("ram", "rom")], 2, 'the first line has no block "rom"'],
    [[HEAD, WRITE.replace("2047", "2048")], 2, "address has to be an integer from 0 to 2047, not 2048"],
    [[HEAD, WRITE.replace("09", "0g")], 2, 'no hexadecimal digit at character 1: "g"'],
    [[HEAD, WRITE.replace("09", "")], 2, "the number of bytes has to be an integer from 1 to 65536, not 0"],
  ])("is refused: %j", (lines, line, found) => {
    expect(() => readAll(lines)).toThrow(`trace line ${line}: ${found}`);
  });

  test("is for a guest with its blocks, of its lengths", () => {
    const memory = new SimulatedMemory("none", [new GuestBlock("ram", new Uint8Array(4096), PAGE_SIZE)]);
    expect(() => new TraceLoad(memory, readTrace([HEAD]))).toThrow(
      "block ram has 4096 bytes, and the trace is of one with 2048",
    );
    expect(() => new TraceLoad(memory, readTrace([HEAD.replace('"ram"', '"rom"')]))).toThrow('no block "rom"');
  });
});

function dirtyOf(block: GuestBlock): number[] {
  const dirty = new Set<number>();
  block.takeDirty(dirty, 0);
  return [...dirty];
}
