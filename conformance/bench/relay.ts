/**
 * Program: `npm run bench:relay` migrates a real guest from a QEMU to a QEMU over a slow link in three ways, and prints them side by
 * side. Exit status: 0 if each ends as is claimed, or QEMU is missing; 1 if one does not.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { percentText } from "../../reference/amounts.ts";
import { packageFolder } from "../../spec/package.ts";
import { INSTALL_COMMAND, QEMU } from "../../vectors/capture/machine.ts";
import type { Peers } from "../../vectors/capture/peers.ts";
import { hasTool } from "../adapters/bundled.ts";
import { machineText } from "./machine.ts";
import { median } from "./median.ts";
import { type Passage, passOver, type Way } from "./passage.ts";
import { table } from "./table.ts";

const MEBIBYTE = 2 ** 20;
/** In bytes a second. */
const LINK_RATE = 20_000_000;
/** The time that a migration is given. */
const LIMIT_MS = 60_000;
const TURNS = 3;
/** That of QEMU, and of the relay, unless told. */
const CACHE_BYTES = 64 * MEBIBYTE;
const CLI = join(packageFolder, "dist/reference/cli.js");
const HEADING = ["way", "total time", "downtime", "on the link", "rounds", "hits of the cache"];

const timeOf = ({ totalMs }: Passage) => totalMs;
const bytesOf = ({ byteCount }: Passage) => byteCount;

/** Without XBZRLE: it takes up all of its time, so one turn is enough. */
const PLAIN: Way = {
  name: "plain",
  capabilities: [],
  uriOf: ({ link }) => link.uri,
  lookupsOf: () => ({ hits: 0, misses: 0 }),
};

const OF_QEMU: Way = {
  name: "XBZRLE of QEMU",
  capabilities: ["xbzrle"],
  uriOf: ({ link }) => link.uri,
  lookupsOf: (_, { "xbzrle-cache": cache }) => ({ hits: cache!.pages, misses: cache!["cache-miss"] }),
};

/** The source knows nothing of XBZRLE, and starts the relay. */
const RELAYED: Way = {
  name: "the relay",
  capabilities: [],
  uriOf: (peers) =>
    `exec:exec ${process.execPath} ${CLI} relay --listen - --to ${peers.link.uri} --statistics ${statisticsOf(peers)}`,
  lookupsOf: (peers) => {
    const text = readFileSync(statisticsOf(peers), "utf8");
    const [hits, misses] = ["xbzrle pages", "xbzrle cache miss"].map((name) =>
      Number(new RegExp(`^${name}: (\\d+)`, "m").exec(text)![1]),
    );
    return { hits: hits!, misses: misses! };
  },
};

// A QEMU that is left over is killed by the handler of "exit" in machine.ts.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

if (hasTool(QEMU)) await bench();
else process.stdout.write(`skipped: the benchmark of the relay needs QEMU: ${INSTALL_COMMAND}\n`);

async function bench(): Promise<void> {
  const plain = { way: PLAIN, passages: [await passOver(PLAIN, LINK_RATE, LIMIT_MS)] };
  const ofQemu: Turns = { way: OF_QEMU, passages: [] };
  const relayed: Turns = { way: RELAYED, passages: [] };
  // In turn, so that what else the machine does slows both.
  for (let turn = 0; turn < TURNS; turn++) {
    for (const { way, passages } of [ofQemu, relayed]) passages.push(await passOver(way, LINK_RATE, LIMIT_MS));
  }
  process.stdout.write(
    [
      `relay: the synthetic load in a guest of 1 GiB, a link of ${LINK_RATE / 1e6} MB/s, medians of ${TURNS}; ${machineText()}, ${new Date().toISOString().slice(0, 10)}`,
      table([HEADING, ...[plain, ofQemu, relayed].map(cells)]),
      `${comparison(ofQemu, relayed)}\n`,
    ].join("\n\n"),
  );
  claim(!plain.passages[0]!.isInTime, "the migration without XBZRLE ends in time");
  for (const { way, passages } of [plain, ofQemu, relayed]) {
    claim(
      way === PLAIN || passages.every(({ isInTime }) => isInTime),
      `${way.name}: no end within ${LIMIT_MS / 1000} s`,
    );
    for (const { faults } of passages) claim(faults.length === 0, `${way.name}: ${faults.join("; ")}`);
  }
  claim(middle(relayed, bytesOf) <= middle(ofQemu, bytesOf), "the relay sends more bytes than QEMU with XBZRLE");
}

/** All turns of a way. */
interface Turns {
  readonly way: Way;
  readonly passages: Passage[];
}

function middle({ passages }: Turns, of: (passage: Passage) => number): number {
  return median(passages.map(of));
}

/** The relay beside XBZRLE of QEMU. */
function comparison(ofQemu: Turns, relayed: Turns): string {
  const ratio = (of: (passage: Passage) => number) => (middle(relayed, of) / middle(ofQemu, of)).toFixed(2);
  const peakBytes = Math.max(...relayed.passages.map(({ peakBytes }) => peakBytes));
  return [
    `relay / QEMU: ${ratio(timeOf)} of the time, ${ratio(bytesOf)} of the bytes`,
    `memory of the relay: ${mebibytes(peakBytes)} at its peak, the cache and ${mebibytes(peakBytes - CACHE_BYTES)}`,
  ].join("\n");
}

/** The cells of a way in the table. */
function cells(turns: Turns): string[] {
  const { way, passages } = turns;
  const isInTime = passages.every((passage) => passage.isInTime);
  const seconds = `${(middle(turns, timeOf) / 1000).toFixed(1)} s`;
  const lookupCount = middle(turns, ({ lookups }) => lookups.hits + lookups.misses);
  return [
    way.name,
    isInTime ? seconds : `not in ${seconds}`,
    isInTime ? `${middle(turns, ({ downtimeMs }) => downtimeMs!).toFixed(0)} ms` : "",
    megabytes(middle(turns, bytesOf)),
    String(middle(turns, ({ roundCount }) => roundCount)),
    lookupCount === 0
      ? ""
      : percentText(middle(turns, ({ lookups }) => lookups.hits / (lookups.hits + lookups.misses))),
  ];
}

function megabytes(byteCount: number): string {
  return `${(byteCount / 1e6).toFixed(1)} MB`;
}

function mebibytes(byteCount: number): string {
  return `${(byteCount / MEBIBYTE).toFixed(0)} MiB`;
}

function statisticsOf({ source }: Peers): string {
  return join(source.folder, "relay.txt");
}

/** A claim: one that fails is told, and is the exit status. */
function claim(holds: boolean, failure: string): void {
  if (holds) return;
  process.stdout.write(`failed: ${failure}\n`);
  process.exitCode = 1;
}
