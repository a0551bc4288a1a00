/**
 * A trace of writes is played to page caches of all sizes (docs/migrations.md, "Cache size").
 *
 * A trace has times and no rounds. These are the rounds of a sender without XBZRLE on a link: a round lasts as long as its pages take on
 * the link, and the guest runs meanwhile. No downtime is short enough, so that it goes on to the end of the trace.
 */

import type { SimulatedMemory } from "../guest/memory.ts";
import type { TraceLoad } from "../guest/trace/replay.ts";
import { type Range, requireInRange } from "../range.ts";
import type { ReplacementName } from "../session/cache/directory.ts";
import { CacheSizing, pageRecordSize, ZERO_RECORD_SIZE } from "../session/cache/sizing.ts";
import { pageCountOf } from "../session/guest-memory.ts";
import { RoundPages } from "../session/round-pages.ts";

/** What the link may carry, in bytes a second: so much that no page takes longer than two minutes. */
const BANDWIDTHS: Range = { least: 1024, most: Number.MAX_SAFE_INTEGER };

/** Plays one trace, round by round. */
export class TraceSizing {
  /** What the caches have come to so far. */
  readonly sizing: CacheSizing;
  readonly #memory: SimulatedMemory;
  readonly #load: TraceLoad;
  readonly #bytesPerSecond: number;
  readonly #pages: RoundPages;
  /** What was sent of each page last; by block. */
  readonly #sent: ReadonlyMap<string, Uint8Array>;
  readonly #newPage: Uint8Array;
  #isDirty = true;
  #nowUs = 0;

  /**
   * Takes the guest, which page makes room, and `max-bandwidth` in bytes a second.
   *
   * @throws RangeError for a bandwidth outside of its range, and if there is no memory for the pages that were sent.
   */
  constructor(memory: SimulatedMemory, load: TraceLoad, replacement: ReplacementName, bytesPerSecond: number) {
    this.#memory = memory;
    this.#load = load;
    this.#bytesPerSecond = requireInRange("max-bandwidth", bytesPerSecond, BANDWIDTHS);
    this.#pages = new RoundPages(memory);
    this.#sent = new Map(memory.blocks.map(({ name, usedLength }) => [name, new Uint8Array(usedLength)]));
    this.#newPage = new Uint8Array(memory.pageSize);
    this.sizing = new CacheSizing(replacement, memory.pageSize, pageCountOf(memory));
  }

  /** How many rounds there were. */
  get roundCount(): number {
    return this.#pages.round;
  }

  /**
   * Plays a round, if there is one more: if no page is dirty, once one is.
   *
   * @returns Whether there was one.
   * @throws MalformedTraceError at a line that is none.
   */
  playRound(): boolean {
    if (!this.#isDirty) this.#wait();
    if (!this.#isDirty) return false;
    this.#isDirty = false;
    this.#pages.begin();
    while (this.#pages.next()) this.#playPage();
    return true;
  }

  #playPage(): void {
    const { page, block, address, round } = this.#pages;
    const { pageSize } = this.#memory;
    this.#memory.readPage(block, address, this.#newPage, 0);
    const isZero = this.#newPage.every((byte) => byte === 0);
    const sentPage = (this.#sent.get(block.name) as Uint8Array).subarray(address, address + pageSize);
    // SESSION-11: the first round is the bulk stage, which looks nothing up and keeps nothing. SESSION-8
    if (round === 1) this.sizing.pass(block.name);
    else if (isZero) this.sizing.keep(page, block.name, round);
    else this.sizing.send(page, block.name, round, sentPage, this.#newPage);
    sentPage.set(this.#newPage);
    this.#carry(isZero ? ZERO_RECORD_SIZE : pageRecordSize(pageSize));
  }

  /** The guest runs for as long as the link takes for so many bytes. */
  #carry(byteCount: number): void {
    this.#nowUs += (byteCount * 1e6) / this.#bytesPerSecond;
    const durationUs = Math.floor(this.#nowUs) - this.#load.elapsedUs;
    if (0 < this.#load.run(durationUs)) this.#isDirty = true;
  }

  #wait(): void {
    this.#isDirty = 0 < this.#load.runToNext();
    this.#nowUs = this.#load.elapsedUs;
  }
}
