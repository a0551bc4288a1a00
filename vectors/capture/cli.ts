#!/usr/bin/env node
/**
 * `node dist/vectors/capture/cli.js [--output DIR] [--pairs N]`: takes page pairs from running guests and stores them.
 * Exit status: 0 stored; 1 the capture failed; 2 wrong command line; 3 QEMU is not installed; 130, 143 interrupted.
 */

import { Command, InvalidArgumentError } from "commander";
import { captureGuest } from "./capture.ts";
import { exitStatusOf } from "./capture-error.ts";
import { firmware } from "./firmware.ts";
import { readRomFiles } from "./rom-files.ts";
import { RomWindows } from "./rom-windows.ts";
import { type PagePair, tallyChangedBytes } from "./select.ts";
import { syntheticLoad } from "./synthetic-load.ts";
import { makeFolder, writeCapture } from "./write.ts";

/** Some 350 page pairs are what the vectors have use for; both guests give more. */
const DEFAULT_PAIR_COUNT = 340;

// QEMU is killed and its folder removed by the handler of "exit" in machine.ts.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.once("SIGHUP", () => process.exit(129));

const options = new Command("capture")
  .description("Takes page pairs from guests that run under QEMU and stores them with their provenance.")
  .option("--output <dir>", "where the files go, from the current folder", "vectors/bin/real")
  .option("--pairs <n>", "page pairs in all, half from each guest", parsePairCount, DEFAULT_PAIR_COUNT)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ output: string; pairs: number }>();

try {
  await captureAll(options.output, options.pairs);
} catch (error) {
  console.error(`capture: ${error instanceof Error ? error.message : error}`);
  process.exitCode = exitStatusOf(error);
}

/** Captures all of the guests before a file is written. */
async function captureAll(folder: string, pairCount: number): Promise<void> {
  // A folder that cannot be made is told now, not after the minute that the guests take.
  await makeFolder(folder);
  const romWindows = new RomWindows(await readRomFiles());
  const captures = [];
  for (const [guest, share] of [
    [syntheticLoad(), Math.ceil(pairCount / 2)],
    [firmware(), Math.floor(pairCount / 2)],
  ] as const) {
    const startedAtMs = performance.now();
    const capture = await captureGuest(guest, share, romWindows);
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    console.log(`${guest.name}: ${share} page pairs of ${guest.moments.length} moments in ${seconds} s`);
    console.log(`  page pairs by changed bytes: ${tallyText(capture.pagePairs)}`);
    captures.push(capture);
  }
  for (const capture of captures) {
    const { pagesSizeBytes, provenanceSizeBytes } = await writeCapture(folder, capture);
    console.log(`${folder}: ${capture.source.guest}, ${pagesSizeBytes} and ${provenanceSizeBytes} bytes`);
  }
}

function tallyText(pagePairs: readonly PagePair[]): string {
  return tallyChangedBytes(pagePairs)
    .map(({ atMost, pairCount }) => `to ${atMost}: ${pairCount}`)
    .join(", ");
}

function parsePairCount(text: string): number {
  const pairCount = Number(text);
  if (Number.isSafeInteger(pairCount) && 2 <= pairCount) return pairCount;
  throw new InvalidArgumentError("It is a whole number of at least 2.");
}
