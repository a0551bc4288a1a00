import { expect, test } from "vitest";
import { applyCompressed } from "../compressed/apply.ts";
import { GuestBlock, SimulatedMemory } from "../guest/memory.ts";
import { Random } from "../guest/random.ts";
import { REPLACEMENT_NAMES, type ReplacementName } from "../session/cache/directory.ts";
import type { PageCompressor } from "../session/page-compressor.ts";
import { newGuest, Receiver } from "../session/receiver.ts";
import { Sender } from "../session/sender.ts";
import { VirtualCompressor } from "./compressor.ts";

const PAGE_SIZE = 1024;
const PAGE_COUNT = 64;

/** A migration in which anything can happen at any step. */
class RandomMigration {
  readonly events = new Set<string>();
  readonly #random: Random;
  readonly #blocks = ["low", "high"].map(
    (name) => new GuestBlock(name, new Uint8Array((PAGE_COUNT / 2) * PAGE_SIZE), PAGE_SIZE),
  );
  readonly #compressor = new VirtualCompressor(PAGE_SIZE, 1, 4, 0.5, () => this.#nowMs);
  readonly #receiver: Receiver;
  readonly sender: Sender;
  #compresses = false;
  #writes: "few" | "all" | "mixed" = "mixed";
  #nowMs = 0;

  constructor(seed: number, replacement: ReplacementName) {
    this.#random = new Random(seed);
    const memory = new SimulatedMemory("none", this.#blocks as [GuestBlock, GuestBlock]);
    const guest = newGuest("none", PAGE_SIZE, memory.blocks);
    for (const received of guest.blocks.values()) received.fill(0xaa);
    this.#receiver = new Receiver(guest, applyCompressed);
    const [isOn, threads] = [() => this.#compresses, this.#compressor];
    const compressor: PageCompressor = {
      get inFlightCount() {
        return threads.inFlightCount;
      },
      give: (page, bytes, start) => isOn() && threads.give(page, bytes, start),
      take: () => threads.take(),
    };
    this.sender = new Sender(memory, (piece) => this.#receiver.push(piece), {
      cacheSizeBytes: 16 * PAGE_SIZE,
      replacement,
      compressor,
      waitsForCompressor: false,
      onEvent: ({ kind }) => this.events.add(kind),
    });
    this.sender.start(0);
  }

  step(): void {
    const chance = this.#random.below(1000);
    if (chance < 3) this.#turnSomething();
    else if (chance < 503) this.#write();
    else this.#send();
  }

  /** The cached pages that are not what the receiver has: none, after any step. */
  wrongCachedPages(): number[] {
    return [...this.sender.cachedPages()]
      .filter(([page, bytes]) => !Buffer.from(bytes).equals(this.#received(page)))
      .map(([page]) => page);
  }

  /** Ends it, and gives the pages that differ. */
  end(): number[] {
    while (this.sender.finish(this.#nowMs) !== "complete") this.#nowMs += 1;
    this.#receiver.end();
    return Array.from({ length: PAGE_COUNT }, (_, page) => page).filter(
      (page) =>
        !this.#received(page).equals(
          this.#pageOf(
            this.#blocks.map(({ bytes }) => bytes),
            page,
          ),
        ),
    );
  }

  #turnSomething(): void {
    switch (this.#random.below(5)) {
      case 0:
        this.sender.setXbzrle(!this.sender.usesXbzrle);
        this.events.add(this.sender.usesXbzrle ? "turned on" : "turned off");
        break;
      case 1:
        this.sender.setCacheSize(PAGE_SIZE * 2 ** this.#random.below(8));
        break;
      case 2:
        // Compression takes long, so it is on for a short time.
        this.#compresses = !this.#compresses && this.#random.below(4) === 0;
        break;
      case 3:
        this.#writes = (["few", "all", "mixed"] as const)[this.#random.below(3)]!;
        break;
      default:
        this.#nowMs += this.#random.below(3000);
    }
  }

  /** A few bytes of a page, a page that becomes zero, or a page that becomes another; often it is a hot one. */
  #write(): void {
    const block = this.#blocks[this.#random.below(2)]!;
    const page = this.#random.below(this.#random.below(4) < 3 ? 4 : PAGE_COUNT / 2) * PAGE_SIZE;
    const kind = { few: 0, all: 39, mixed: this.#random.below(40) }[this.#writes];
    if (kind < 34) block.writeRandom(page + this.#random.below(PAGE_SIZE - 8), 8, this.#random);
    else if (kind < 36) block.write(page, new Uint8Array(PAGE_SIZE));
    else block.writeRandom(page, PAGE_SIZE, this.#random);
  }

  #send(): void {
    this.#nowMs += 0.1;
    if (this.sender.isRoundComplete) this.sender.beginRound(this.#nowMs);
    this.sender.step(1 + this.#random.below(4 * PAGE_SIZE));
  }

  #received(page: number): Buffer {
    return this.#pageOf([...this.#receiver.guest.blocks.values()], page);
  }

  #pageOf(blocks: readonly Uint8Array[], page: number): Buffer {
    const start = (page % (PAGE_COUNT / 2)) * PAGE_SIZE;
    return Buffer.from(blocks[Math.floor(page / (PAGE_COUNT / 2))]!.subarray(start, start + PAGE_SIZE));
  }
}

test.each<[number, ReplacementName]>([
  [1_000_000, "direct-mapped"],
  ...REPLACEMENT_NAMES.filter((name) => name !== "direct-mapped").map((name): [number, ReplacementName] => [
    50_000,
    name,
  ]),
])(
  "a migration of %i random steps, in which everything is turned on and off, ends with equal memories (%s)",
  (stepCount, replacement) => {
    const migration = new RandomMigration(stepCount, replacement);
    for (let step = 1; step <= stepCount; step++) {
      migration.step();
      if (step % 5000 === 0) expect(migration.wrongCachedPages()).toEqual([]);
    }
    expect(migration.end()).toEqual([]);
    const { zeroRecords, pageRecords, xbzrleRecords, compressedRecords, overflows, busyPages } =
      migration.sender.counters;
    // All of it has happened.
    for (const count of [zeroRecords, pageRecords, xbzrleRecords, compressedRecords, overflows, busyPages]) {
      expect(count).toBeGreaterThan(0);
    }
    const events = ["turned off", "turned on", "xbzrle-off", "xbzrle-on"];
    if (stepCount === 1_000_000) expect([...migration.events].sort()).toEqual(events);
  },
  300_000,
);
