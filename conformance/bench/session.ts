/**
 * Program: the sessions' part of `npm run bench`. Pages a second of sender and receiver, beside the copying of the same pages, in turn in
 * one process. Times are those of the processor.
 */

import { cpuMs } from "../../reference/commands/cpu.ts";
import { layContents } from "../../reference/guest/contents.ts";
import { GuestBlock, SimulatedMemory } from "../../reference/guest/memory.ts";
import { createWorkload } from "../../reference/guest/workloads/workloads.ts";
import { newGuest, Receiver } from "../../reference/session/receiver.ts";
import { Sender } from "../../reference/session/sender.ts";
import { machineText } from "./machine.ts";
import { median } from "./median.ts";
import { COST_HEADING, measureCosts } from "./session-costs.ts";
import { table } from "./table.ts";

const PAGE_SIZE = 4096;
const MEMORY_BYTES = 2 ** 26;
/** The first is the bulk stage; then the cache fills, and memory is had for what comes for the first time. */
const FIRST_ROUND = 30;
const ROUND_COUNT = 31;
const SEED = 1;

/** How much is written between two rounds, in bytes. */
const LOADS = [
  { workload: "synthetic", byteCount: 2 ** 24, writtenBytes: 2 ** 14 },
  { workload: "hot-cold", byteCount: MEMORY_BYTES, writtenBytes: 2 ** 17 },
] as const;

const HEADING = [
  "load",
  "XBZRLE",
  "pages a round",
  "sent a second",
  "received a second",
  "copied a second",
  "sent / copied",
  "bytes allocated a page",
];

const rows = LOADS.flatMap((load) => [false, true].map((usesXbzrle) => measure(load, usesXbzrle)));
const costs = LOADS.map(({ workload, ...load }) => [
  workload,
  ...measureCosts({ ...load, ...busyGuest(workload, load.byteCount) }),
]);
process.stdout.write(
  [
    `sessions: pages of ${PAGE_SIZE} bytes, a guest of ${MEMORY_BYTES / 2 ** 20} MiB, processor time, medians of ${ROUND_COUNT} rounds; ${machineText()}`,
    table([HEADING, ...rows]),
    "what XBZRLE costs a page, in nanoseconds of the processor",
    `${table([["load", ...COST_HEADING], ...costs])}\n`,
  ].join("\n\n"),
);

/** A guest whose pages are words, and what writes to it. */
function busyGuest(name: string, byteCount: number) {
  const block = new GuestBlock("ram", new Uint8Array(MEMORY_BYTES), PAGE_SIZE);
  layContents(block, { zero: 0, words: 1 }, SEED);
  const workload = createWorkload(name, { block, start: 0, byteCount }, SEED);
  return { block, workload, memory: new SimulatedMemory("none", [block]) };
}

/** One round: times in milliseconds. */
interface Turn {
  readonly pages: number;
  readonly sent: number;
  readonly received: number;
  readonly copied: number;
  /** What the sender has allocated; less than nothing if the collector has had its turn. */
  readonly allocatedBytes: number;
}

/** What is allocated, of the engine's heap and of buffers beside it, in bytes. */
function heapUsed(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The cells of one load. */
function measure({ workload: name, byteCount, writtenBytes }: (typeof LOADS)[number], usesXbzrle: boolean): string[] {
  const { block, workload, memory } = busyGuest(name, byteCount);
  const receiver = new Receiver(newGuest("none", PAGE_SIZE, memory.blocks));
  let pieces: Uint8Array[] = [];
  const sender = new Sender(memory, (piece) => pieces.push(piece), { usesXbzrle, turnsItselfOff: false });
  const slots = new Uint8Array(64 * PAGE_SIZE);
  sender.start(0);
  const turns: Turn[] = [];
  for (let round = 1; round < FIRST_ROUND + ROUND_COUNT; round++) {
    for (let written = 0; written < writtenBytes; ) written += workload.step();
    const before = sender.counters.dirtiedPages;
    const heapBytes = heapUsed();
    const sent = cpuMs(() => {
      sender.beginRound(round);
      sender.step();
    });
    const allocatedBytes = heapUsed() - heapBytes;
    const pages = sender.counters.dirtiedPages - before;
    const received = cpuMs(() => {
      for (const piece of pieces) receiver.push(piece);
    });
    const copied = cpuMs(() => {
      // As many pages, from all over the region.
      const stride = Math.max(1, Math.floor(byteCount / PAGE_SIZE / pages));
      for (let page = 0; page < pages; page++) {
        const start = ((page * stride) % (byteCount / PAGE_SIZE)) * PAGE_SIZE;
        slots.set(block.bytes.subarray(start, start + PAGE_SIZE), (page % 64) * PAGE_SIZE);
      }
    });
    for (const piece of pieces) sender.reuse(piece);
    pieces = [];
    if (FIRST_ROUND <= round) turns.push({ pages, sent, received, copied, allocatedBytes });
  }
  sender.finish(ROUND_COUNT);
  for (const piece of pieces) receiver.push(piece);
  receiver.end();
  if (Buffer.compare(receiver.guest.blocks.get("ram")!, block.bytes) !== 0)
    throw new Error(`${name}: not what was sent`);
  const rate = (timeOf: (turn: (typeof turns)[number]) => number) =>
    median(turns.map((turn) => turn.pages / timeOf(turn)));
  const [sent, received, copied] = [
    rate((turn) => turn.sent),
    rate((turn) => turn.received),
    rate((turn) => turn.copied),
  ];
  const thousands = (perMs: number) => (Math.round(perMs) * 1000).toLocaleString("en-US");
  const pages = median(turns.map((turn) => turn.pages));
  return [
    name,
    usesXbzrle ? "on" : "off",
    String(pages),
    thousands(sent),
    thousands(received),
    thousands(copied),
    (sent / copied).toFixed(2),
    median(turns.map((turn) => turn.allocatedBytes / turn.pages)).toFixed(1),
  ];
}
