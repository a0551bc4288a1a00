/**
 * A migration on a virtual clock (docs/simulation.md): sender and receiver as they are, a guest that writes while they work, and time
 * that passes by what pages cost and by what the link carries. The same scenario gives the same numbers.
 */

import { applyCompressed } from "../compressed/apply.ts";
import { type Counters, countersSince, newCounters } from "../session/counters.ts";
import { effectivenessText } from "../session/effectiveness.ts";
import { DEFAULT_DOWNTIME_LIMIT_MS } from "../session/parameters.ts";
import { newGuest, Receiver } from "../session/receiver.ts";
import { Sender } from "../session/sender.ts";
import { VirtualCompressor } from "./compressor.ts";
import { type Costs, costsByKind, cpuMsOf, DEFAULT_COSTS } from "./costs.ts";
import { createGuest, type ScenarioRun, scaleOf, type TraceLines } from "./guest.ts";
import { VirtualLink } from "./link.ts";
import {
  type GivenUp,
  type SimulatedMigration,
  type SimulatedRound,
  scaledCounters,
  simulatedRound,
} from "./result.ts";
import type { Scenario, ScenarioMigration, ScenarioOptions } from "./scenario.ts";

/** How much the link carries between two turns of the guest, in milliseconds. */
const SLICE_MS = 5;

/**
 * Simulates a migration of a scenario, to its end.
 *
 * @param scenario - The guest, its load and the link.
 * @param migration - One of its migrations.
 * @param traces - Those that the scenario names; none unless told.
 * @returns What came of it, with how many pages differ between source and destination.
 * @throws RangeError for a number outside of its range, by its name; MalformedTraceError.
 */
export function simulate(
  scenario: Scenario,
  migration: ScenarioMigration,
  traces: TraceLines = new Map(),
): SimulatedMigration {
  return new Simulation(scenario, migration.options ?? {}, createGuest(scenario, traces)).run(migration.name);
}

class Simulation {
  readonly #guest: ScenarioRun;
  readonly #scale: number;
  readonly #costs: Costs;
  readonly #link: VirtualLink;
  readonly #compressor: VirtualCompressor | undefined;
  readonly #receiver: Receiver;
  readonly #sender: Sender;
  readonly #downtimeLimitMs: number;
  readonly #giveUp: { readonly timeMs: number; readonly roundCount: number };
  readonly #sliceBytes: number;
  readonly #rounds: SimulatedRound[] = [];
  readonly #events: string[] = [];
  #nowMs = 0;
  #guestUs = 0;
  #accounted: Counters = newCounters();

  constructor(scenario: Scenario, options: ScenarioOptions, guest: ScenarioRun) {
    this.#guest = guest;
    this.#scale = scaleOf(scenario);
    this.#costs = { ...DEFAULT_COSTS, ...scenario.costs };
    this.#link = new VirtualLink(scenario.link.bytesPerSecond / this.#scale);
    this.#giveUp = { timeMs: 3_600_000, roundCount: 1000, ...scenario.giveUp };
    this.#downtimeLimitMs = options["downtime-limit"] ?? DEFAULT_DOWNTIME_LIMIT_MS;
    const { memory } = this.#guest;
    this.#receiver = newReceiver(memory);
    if (options.compress) this.#compressor = this.#newCompressor(options);
    const threadBytes = (this.#compressor?.threadCount ?? Number.POSITIVE_INFINITY) * memory.pageSize;
    this.#sliceBytes = Math.min(threadBytes, Math.max(memory.pageSize, SLICE_MS / this.#link.msFor(1)));
    this.#sender = this.#newSender(options);
  }

  run(name: string): SimulatedMigration {
    this.#sender.start(0);
    let givenUp: GivenUp | undefined;
    for (;;) {
      this.#sender.beginRound(this.#nowMs);
      if (this.#fitsDowntime()) break;
      givenUp = this.#reasonToGiveUp();
      if (givenUp !== undefined) break;
      this.#round(false, () => this.#sender.step(this.#sliceBytes));
    }
    const stoppedMs = this.#nowMs;
    this.#round(true, () => this.#sender.finish(this.#nowMs));
    this.#receiver.end();
    const counters = scaledCounters(this.#sender.counters, this.#scale);
    const { pageSize } = this.#guest.memory;
    return {
      name,
      ...(givenUp !== undefined && { givenUp }),
      totalMs: this.#link.emptyMs,
      downtimeMs: this.#link.emptyMs - stoppedMs,
      linkMs: this.#link.busyMs,
      counters,
      byKind: costsByKind(counters, pageSize, this.#costs),
      rounds: this.#rounds,
      events: this.#events,
      differingPageCount: countDifferingPages(this.#guest, this.#receiver),
    };
  }

  /** Sends all pages of a round; the guest runs meanwhile, unless it has stopped. */
  #round(isLastStage: boolean, send: () => "complete" | "paused" | "waiting"): void {
    const beganMs = this.#nowMs;
    const before = { ...this.#sender.counters };
    let dirtyPageCount = this.#sender.remainingPageCount;
    for (;;) {
      const progress = send();
      this.#spend();
      if (progress === "waiting" && this.#compressor !== undefined) {
        this.#nowMs = Math.max(this.#nowMs, this.#compressor.allDoneMs);
      }
      if (!isLastStage) this.#runGuest();
      if (progress === "complete") break;
    }
    if (isLastStage) {
      // The pages of the round that was begun, and those that were written since.
      this.#nowMs = this.#link.emptyMs;
      dirtyPageCount += countersSince(before, this.#sender.counters).dirtiedPages;
    }
    const counted = countersSince(before, this.#sender.counters);
    const round = this.#rounds.length + 1;
    const facts = { round, isLastStage, beganMs, durationMs: this.#nowMs - beganMs, dirtyPageCount, counted };
    this.#rounds.push(simulatedRound(facts, this.#scale, this.#guest.memory.pageSize, this.#costs));
  }

  /** Lets pass the time that was spent on pages since the last call, and that the link needs. */
  #spend(): void {
    const counted = countersSince(this.#accounted, this.#sender.counters);
    this.#accounted = { ...this.#sender.counters };
    const cpuMs = this.#scale * cpuMsOf(costsByKind(counted, this.#guest.memory.pageSize, this.#costs));
    this.#nowMs = this.#link.carry(counted.streamBytes, this.#nowMs + cpuMs);
  }

  #runGuest(): void {
    const nowUs = Math.floor(this.#nowMs * 1000);
    this.#guest.load.run(nowUs - this.#guestUs);
    this.#guestUs = nowUs;
  }

  /** Whether what is left can be sent, as pages, within the downtime. */
  #fitsDowntime(): boolean {
    const { pageSize } = this.#guest.memory;
    return this.#link.msFor(this.#sender.remainingPageCount * pageSize) <= this.#downtimeLimitMs;
  }

  #reasonToGiveUp(): GivenUp | undefined {
    if (this.#giveUp.timeMs <= this.#nowMs) return "time";
    return this.#giveUp.roundCount <= this.#rounds.length ? "rounds" : undefined;
  }

  #newCompressor(options: ScenarioOptions): VirtualCompressor {
    return new VirtualCompressor(
      this.#guest.memory.pageSize,
      options["compress-level"],
      options["compress-threads"],
      (this.#costs.compressNs * this.#scale) / 1e6,
      () => this.#nowMs,
    );
  }

  #newSender(options: ScenarioOptions): Sender {
    const { memory } = this.#guest;
    const cacheSizeBytes = (options["xbzrle-cache-size"] ?? 2 ** 26) / this.#scale;
    return new Sender(memory, (piece) => this.#receiver.push(piece), {
      usesXbzrle: options.xbzrle ?? false,
      cacheSizeBytes: Math.max(memory.pageSize, cacheSizeBytes),
      replacement: options.replacement ?? "direct-mapped",
      turnsItselfOff: options.turnsItselfOff ?? true,
      cachesInBulkStage: options.cachesInBulkStage ?? false,
      encodeMsPerPage: (this.#scale * this.#costs.encodeNs) / 1e6,
      ...(this.#compressor !== undefined && { compressor: this.#compressor }),
      waitsForCompressor: options["compress-wait-thread"] ?? true,
      onEvent: (event) => this.#events.push(effectivenessText(event)),
    });
  }
}

/** The receiver's memory is full of aa at first: what was never sent is seen. */
function newReceiver({ machine, pageSize, blocks }: ScenarioRun["memory"]): Receiver {
  const guest = newGuest(machine, pageSize, blocks);
  for (const memory of guest.blocks.values()) memory.fill(0xaa);
  return new Receiver(guest, applyCompressed);
}

/** Compares the memories of source and destination. */
function countDifferingPages({ blocks }: ScenarioRun, receiver: Receiver): number {
  return blocks.reduce((sum, { name, bytes, pageSize }) => {
    const received = receiver.guest.blocks.get(name) as Uint8Array;
    return sum + differingPages(wordsOf(bytes), wordsOf(received), pageSize / 4);
  }, 0);
}

/** The same bytes in words of four. */
function wordsOf({ buffer, byteOffset, length }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function differingPages(source: Uint32Array, destination: Uint32Array, wordCount: number): number {
  let count = 0;
  for (let start = 0; start < source.length; start += wordCount) {
    let word = start;
    while (word < start + wordCount && source[word] === destination[word]) word += 1;
    if (word < start + wordCount) count += 1;
  }
  return count;
}
