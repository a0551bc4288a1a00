/**
 * What a stream is made of, counted while it is read: for `xbzrle stream inspect`.
 */

import { PageTable } from "../../guest/page-table.ts";
import type { RamBlock, RamRecord, Section, SectionItem, StreamVisitor, Subsection } from "../../index.ts";
import { Rounds } from "./rounds.ts";

/** The kinds of records of a page, in the order of the chapter; how a page was last sent is an index in it. */
export const PAGE_KINDS = ["zero", "page", "xbzrle", "compressed"] as const;
type PageKind = (typeof PAGE_KINDS)[number];

/** A number of things and of their bytes in the stream. */
export interface Tally {
  count: number;
  byteCount: number;
}

/** The records of one round, or of all. */
export type KindTallies = Record<PageKind, Tally>;

/** A page and how many records it has. */
export interface HotPage {
  readonly block: string;
  readonly address: number;
  readonly count: number;
}

/** Rounds after so many are counted, and told no more of. */
const MAX_ROUND_COUNT = 1000;

/** A page's number holds how it was last sent, whether it ever was as a delta, and above how many records it has, up to a limit. */
const KIND_COUNT = PAGE_KINDS.length;
const HIT = KIND_COUNT;
const ONE_RECORD = 2 * KIND_COUNT;
const MAX_RECORDS_OF_PAGE = 2 ** 27;

/** What is known of a block. */
interface SeenBlock {
  block: RamBlock;
  readonly pages: PageTable;
  pageCount: number;
  hitPageCount: number;
}

/** What is known of a section. */
export interface SeenSection {
  readonly section: Section;
  readonly itemCounts: Record<SectionItem, number>;
  /** Of its payloads. */
  byteCount: number;
}

/** Counts; `other` records are those of no page. */
export class Statistics implements StreamVisitor {
  machine: string | undefined;
  readonly subsections: Subsection[] = [];
  readonly sections = new Map<string, SeenSection>();
  readonly commands = new Map<number, number>();
  readonly records: KindTallies = newTallies();
  readonly other: Tally = { count: 0, byteCount: 0 };
  /** The first of them. */
  readonly rounds: KindTallies[] = [];
  /** How many deltas have up to 1, 2, 4, 8 and so on bytes; the first stands for empty ones. */
  readonly deltaSizes: number[] = [];
  descriptionByteCount: number | undefined;
  readonly #blocks = new Map<string, SeenBlock>();
  readonly #pageSize: () => number;
  readonly #rounds = new Rounds();
  #lastBlock: SeenBlock | undefined;
  #section: SeenSection | undefined;
  #hasEnded = false;

  /** Takes what gives the page size in bytes. */
  constructor(pageSize: () => number) {
    this.#pageSize = pageSize;
  }

  /** The blocks in their order, how many of their pages were sent, and how many of these as XBZRLE. */
  get blocks(): readonly { readonly block: RamBlock; readonly pageCount: number; readonly hitPageCount: number }[] {
    return [...this.#blocks.values()];
  }

  /** How many rounds have begun, which may be more than are told of. */
  get roundCount(): number {
    return this.#rounds.count;
  }

  configuration(machine: string): void {
    this.machine = machine;
  }

  subsection(subsection: Subsection): void {
    this.subsections.push(subsection);
  }

  section(section: Section, item: SectionItem): void {
    const key = `${section.id} ${section.instance} ${section.name}`;
    let seen = this.sections.get(key);
    if (seen === undefined) {
      seen = { section, itemCounts: { start: 0, part: 0, last: 0, full: 0 }, byteCount: 0 };
      this.sections.set(key, seen);
    }
    seen.itemCounts[item] += 1;
    this.#section = seen;
  }

  record(record: RamRecord): void {
    const byteCount = recordSize(record, this.#pageSize());
    (this.#section as SeenSection).byteCount += byteCount;
    switch (record.kind) {
      case "zero":
      case "page":
      case "xbzrle":
      case "compressed":
        return this.#countPage(record, record.kind, byteCount);
      case "block":
        this.#list(record.block);
    }
    add(this.other, byteCount);
  }

  payload(_bytes: Uint8Array, start: number, end: number): void {
    if (!this.#hasEnded && this.#section !== undefined) this.#section.byteCount += end - start;
  }

  command(number: number): void {
    this.commands.set(number, (this.commands.get(number) ?? 0) + 1);
  }

  end(): void {
    this.#hasEnded = true;
  }

  description(byteCount: number): void {
    this.descriptionByteCount = byteCount;
  }

  footer(): void {}

  /** How each page of a block was last sent, as an index in `PAGE_KINDS`, in rising order of page numbers. */
  *kindsOf({ name }: RamBlock): Generator<readonly [page: number, kind: number]> {
    for (const [page, value] of this.#blocks.get(name)?.pages.entries() ?? []) yield [page, value % KIND_COUNT];
  }

  /** The pages with the most records, at most `limit` of them, each with two or more; equals in order of the blocks. */
  hottestPages(limit: number): readonly HotPage[] {
    const hottest: HotPage[] = [];
    for (const { block, pages } of this.#blocks.values()) {
      for (const [page, value] of pages.entries()) {
        const count = Math.floor(value / ONE_RECORD);
        if (count < 2 || (hottest.length === limit && count <= hottest[limit - 1]!.count)) continue;
        const place = hottest.findIndex((other) => other.count < count);
        const found = { block: block.name, address: page * this.#pageSize(), count };
        hottest.splice(place < 0 ? hottest.length : place, 0, found);
        hottest.length = Math.min(hottest.length, limit);
      }
    }
    return hottest;
  }

  #countPage(record: RamRecord, kind: PageKind, byteCount: number): void {
    const seen = this.#blockOf(record.block);
    add(this.records[kind], byteCount);
    add(this.#roundOf(record)[kind], byteCount);
    if (kind === "xbzrle") this.#countDelta(record.end - record.start);
    const page = record.address / this.#pageSize();
    const value = seen.pages.get(page);
    if (value === 0) seen.pageCount += 1;
    const wasHit = (value & HIT) !== 0;
    const isHit = wasHit || kind === "xbzrle";
    if (isHit && !wasHit) seen.hitPageCount += 1;
    const count = Math.min(Math.floor(value / ONE_RECORD) + 1, MAX_RECORDS_OF_PAGE);
    seen.pages.set(page, count * ONE_RECORD + (isHit ? HIT : 0) + PAGE_KINDS.indexOf(kind));
  }

  #roundOf(record: RamRecord): KindTallies {
    this.#rounds.add(record);
    if (this.rounds.length < Math.min(this.roundCount, MAX_ROUND_COUNT)) this.rounds.push(newTallies());
    return this.roundCount <= MAX_ROUND_COUNT ? this.rounds[this.rounds.length - 1]! : newTallies();
  }

  #countDelta(deltaSize: number): void {
    const index = deltaSize === 0 ? 0 : 1 + Math.ceil(Math.log2(deltaSize));
    while (this.deltaSizes.length <= index) this.deltaSizes.push(0);
    this.deltaSizes[index]! += 1;
  }

  #list(block: RamBlock): void {
    this.#rounds.list(block.name);
    const seen = this.#blocks.get(block.name);
    if (seen !== undefined) seen.block = block;
    else
      this.#blocks.set(block.name, {
        block,
        pages: new PageTable(),
        pageCount: 0,
        hitPageCount: 0,
      });
  }

  #blockOf({ name }: RamBlock): SeenBlock {
    if (this.#lastBlock?.block.name !== name) this.#lastBlock = this.#blocks.get(name);
    return this.#lastBlock as SeenBlock;
  }
}

/**
 * Gives how many bytes a record has in the stream.
 *
 * @param record - As a reader gives it.
 * @param pageSize - In bytes.
 */
export function recordSize({ kind, block, isContinued, start, end }: RamRecord, pageSize: number): number {
  const nameSize = 1 + block.name.length;
  const headSize = 8 + (isContinued ? 0 : nameSize);
  switch (kind) {
    case "zero":
      return headSize + 1;
    case "page":
      return headSize + pageSize;
    case "xbzrle":
      return headSize + 3 + end - start;
    case "compressed":
      return headSize + 4 + end - start;
    case "block":
      return nameSize + 8 + (block.pageSize === undefined ? 0 : 8) + (block.address === undefined ? 0 : 8);
    default:
      return 8;
  }
}

function newTallies(): KindTallies {
  const tally = () => ({ count: 0, byteCount: 0 });
  return { zero: tally(), page: tally(), xbzrle: tally(), compressed: tally() };
}

function add(tally: Tally, byteCount: number): void {
  tally.count += 1;
  tally.byteCount += byteCount;
}
