/**
 * Program: the codecs' part of `npm run bench`. With `--write` it also writes docs/speed.md and docs/speed.svg.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../reference/guest/random.ts";
import { codecName, createArena } from "../../reference/index.ts";
import { packageFolder } from "../../spec/package.ts";
import { hasTool } from "../adapters/bundled.ts";
import { machineText } from "./machine.ts";
import { measure, type Result, TURNS } from "./measure.ts";
import { Peer } from "./peer.ts";
import { plot } from "./plot.ts";
import { tables } from "./table.ts";
import { PAGE_COUNT, PAGE_SIZE, WORKLOADS } from "./workloads.ts";

const SEED = 1;

if (!hasTool("gcc")) process.stdout.write("skipped: the benchmark needs gcc: apt-get install gcc libc6-dev\n");
else if (codecName !== "simd")
  process.stdout.write("skipped: the benchmark needs the codec with SIMD: unset XBZRLE_CODEC\n");
else await bench(process.argv.includes("--write"));

async function bench(isWritten: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "xbzrle-bench-"));
  const peer = new Peer(folder);
  try {
    const shape = { pageSize: PAGE_SIZE, slotCount: 2 * PAGE_COUNT, batchSize: PAGE_COUNT };
    const random = new Random(SEED);
    const below = (limit: number) => random.below(limit);
    const results: Result[] = [];
    for (const workload of WORKLOADS) {
      const arena = createArena({ ...shape, capacity: workload.capacity });
      const half = PAGE_COUNT * PAGE_SIZE;
      new Uint32Array(arena.pages.buffer, arena.pages.byteOffset, half / 4).forEach((_, index, words) => {
        words[index] = below(2 ** 32);
      });
      arena.pages.copyWithin(half, 0, half);
      workload.change(arena.pages.subarray(half), below);
      arena.oldSlots.forEach((_, page, slots) => {
        slots[page] = page;
      });
      arena.newSlots.forEach((_, page, slots) => {
        slots[page] = PAGE_COUNT + page;
      });
      results.push(await measure(arena, peer, workload));
    }
    report(results, isWritten);
  } finally {
    peer.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(results: readonly Result[], isWritten: boolean): void {
  const size = `${(PAGE_COUNT * PAGE_SIZE) / 2 ** 20} MiB`;
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${machineText()}, ${date}`;
  const what = `codecs: pages of ${PAGE_SIZE} bytes, ${size} of old and ${size} of new, processor time, medians of ${TURNS}`;
  process.stdout.write(`${what}; ${machine}\n\n${tables(results)}\n\n`);
  if (!isWritten) return;
  writeFileSync(join(packageFolder, "docs/speed.svg"), plot(results, machine));
  const path = join(packageFolder, "docs/speed.md");
  writeFileSync(path, page(`${what}; ${machine}`, tables(results)) + sectionsBehind(readFileSync(path, "utf8")));
}

/** What the document has behind the codecs: it was measured by other programs, and stays. */
function sectionsBehind(document: string): string {
  const start = document.indexOf("\n## ");
  return start === -1 ? "" : document.slice(start);
}

/** The document that shows the results. */
function page(what: string, tables: string): string {
  return `# Speed

Written by \`node dist/conformance/bench/codec.js --write\`, the codecs' part of \`npm run bench\`, but for the last sections.

C is the [C example's codec](../conformance/adapters/c/codec.c), which compares eight bytes at a time, compiled with \`gcc -O2\`; memcmp and memcpy go over as many
pages in the same process. "Overflow" is what an encoder finds that has room for a page and no more. Decoding is in place in C and in the arena.
"memcmp / C" is the most that "SIMD / C" can be: no encoder is faster than the memory that it reads. A loop of C with SSE2 and nothing else to do compares
unchanged pages at 0.85 of memcmp, which has vectors of 32 bytes, at 0.89 with prefetching, and no faster with huge pages or more pages at once; WebAssembly has vectors of 16
bytes too. For the same reason a run of 512 is decoded more slowly than by memcpy: a loop of C with stores of 16 bytes takes 260 ns where one of 32
takes 205 (2 x AMD EPYC, 2026-11-30).

${what}.

![GB/s of each codec for each workload](speed.svg)

${tables}
`;
}
