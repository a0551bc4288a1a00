import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { GuestBlock, SimulatedMemory } from "../reference/guest/memory.ts";
import { readTrace } from "../reference/guest/trace/read.ts";
import { TraceLoad } from "../reference/guest/trace/replay.ts";
import { WORKLOADS } from "../reference/guest/workloads/workloads.ts";
import { packageFolder } from "../spec/package.ts";

const text = readFileSync(join(packageFolder, "docs/guests.md"), "utf8");

test("docs/guests.md lists the workloads with their parameters as they are", () => {
  const rows = Object.entries(WORKLOADS).flatMap(([name, { means, parameters }]) => {
    const cells = Object.entries(parameters).map(
      ([parameter, { least, most, usual, means }]) => `\`${parameter}\` | ${least} to ${most} | ${usual} | ${means} |`,
    );
    const [first = "| | | |", ...others] = cells;
    return [`| \`${name}\` | ${means} | ${first}`, ...others.map((cell) => `| | | ${cell}`)];
  });
  expect(
    text
      .split("\n")
      .filter((line) => line.split("|").length === 8)
      .slice(2),
  ).toEqual(rows);
});

test("docs/guests.md has an example of a trace that is read, and does what is said of it", () => {
  const lines = /^```trace-example\n(.*?)^```$/ms.exec(text)![1]!.trimEnd().split("\n");
  const trace = readTrace(lines);
  const [{ name, byteCount }] = trace.head.blocks as [(typeof trace.head.blocks)[0]];
  const block = new GuestBlock(name, new Uint8Array(byteCount), trace.head.pageSize);
  const load = new TraceLoad(new SimulatedMemory("none", [block]), trace);
  const said = [
    ...text.matchAll(
      /After 1000 µs pages 0 and 1 are dirty and byte 1024 is (01); .* page 0 is dirty again and the byte is (02)/g,
    ),
  ];
  const turns = [[0, 1], [0]].map((pages) => {
    load.run(1000);
    const dirty = new Set<number>();
    block.takeDirty(dirty, 0);
    expect([...dirty]).toEqual(pages);
    return block.bytes[1024]!.toString(16).padStart(2, "0");
  });
  expect(turns).toEqual(said[0]?.slice(1));
  expect(load.isDone).toBe(true);
});
