/**
 * What `xbzrle stream inspect` tells of a stream: one model, as JSON and as text.
 */

import { quoteName } from "../../index.ts";
import type { Reading } from "./source.ts";
import { type HotPage, type KindTallies, PAGE_KINDS, type Statistics, type Tally } from "./statistics.ts";

/** How many of the hottest pages are told. */
const HOT_PAGE_COUNT = 10;

/** The stream in numbers; names have a character a byte, sizes are in bytes. */
export interface StreamSummary {
  /** How much has been read. */
  readonly byteCount: number;
  readonly machine: string | undefined;
  readonly pageSize: number;
  readonly configuration: readonly { readonly name: string; readonly version: number; readonly content: string }[];
  readonly blocks: readonly {
    readonly name: string;
    readonly usedLength: number;
    readonly pageSize: number | undefined;
    readonly address: number | undefined;
    /** How many of its pages were sent. */
    readonly pageCount: number;
    /** How many of its pages were sent as XBZRLE, once or more: the cache had them. */
    readonly hitPageCount: number;
  }[];
  readonly sections: readonly {
    readonly name: string;
    readonly id: number;
    readonly instance: number;
    readonly version: number;
    readonly itemCounts: Readonly<Record<string, number>>;
    readonly byteCount: number;
  }[];
  readonly commands: readonly { readonly number: number; readonly count: number }[];
  readonly records: Readonly<KindTallies> & { readonly other: Tally };
  /** How often the addresses began again, and the records of the first 1000 of these rounds. */
  readonly roundCount: number;
  readonly rounds: readonly Readonly<KindTallies>[];
  /** How many deltas have more bytes than the size before, and up to `size`. */
  readonly deltaSizes: readonly { readonly size: number; readonly count: number }[];
  readonly hottestPages: readonly HotPage[];
  readonly description: { readonly byteCount: number; readonly isVerified: boolean } | undefined;
  readonly fault: { readonly fault: string; readonly requirement: string; readonly message: string } | undefined;
}

/** Sums up what was counted. */
export function summarize(statistics: Statistics, { reader, fault }: Reading): StreamSummary {
  const { machine, subsections, sections, commands, records, other, rounds, roundCount } = statistics;
  const byteCount = statistics.descriptionByteCount;
  return {
    byteCount: reader.streamOffset,
    machine,
    pageSize: reader.pageSize,
    configuration: subsections.map(({ name, version, content }) => {
      return { name, version, content: Buffer.from(content).toString("hex") };
    }),
    blocks: statistics.blocks.map(({ block, pageCount, hitPageCount }) => ({ ...block, pageCount, hitPageCount })),
    sections: [...sections.values()].map(({ section, ...seen }) => ({ ...section, ...seen })),
    commands: [...commands].map(([number, count]) => ({ number, count })),
    records: { ...records, other },
    roundCount,
    rounds,
    deltaSizes: statistics.deltaSizes.map((count, index) => ({ size: index === 0 ? 0 : 2 ** (index - 1), count })),
    hottestPages: statistics.hottestPages(HOT_PAGE_COUNT),
    description: byteCount === undefined ? undefined : { byteCount, isVerified: reader.isVerified },
    fault: fault && { fault: fault.fault, requirement: fault.requirement, message: fault.message },
  };
}

/** The summary as text, for people. */
export function summaryText(summary: StreamSummary): string {
  const { machine, pageSize, byteCount, description, fault } = summary;
  return [
    `machine: ${machine === undefined ? "unknown" : quoteName(machine)}, page size: ${pageSize}, bytes: ${byteCount}`,
    ...list("configuration", summary.configuration, ({ name, content }) => `${quoteName(name)} ${content}`),
    ...list("blocks", summary.blocks, (block) => {
      const shown = [
        `${block.pageCount} of ${block.usedLength / pageSize} pages sent, ${block.hitPageCount} as XBZRLE`,
      ];
      if (block.pageSize !== undefined) shown.push(`pages of its own of ${block.pageSize} bytes`);
      if (block.address !== undefined) shown.push(`at ${block.address}`);
      return `${quoteName(block.name)} ${block.usedLength} bytes, ${shown.join(", ")}`;
    }),
    ...list("sections", summary.sections, ({ id, name, instance, version, itemCounts, byteCount }) => {
      const items = Object.entries(itemCounts).flatMap(([item, count]) => (0 < count ? [`${count} ${item}`] : []));
      return `${id} ${quoteName(name)} ${instance}, version ${version}: ${items.join(", ")}, ${byteCount} bytes`;
    }),
    ...list("commands", summary.commands, ({ number, count }) => `${number}: ${count} times`),
    ...list("records", Object.entries(summary.records), ([kind, tally]) => {
      return `${kind.padEnd(10)} ${String(tally.count).padStart(10)} ${String(tally.byteCount).padStart(14)} bytes`;
    }),
    ...list(`rounds: ${summary.roundCount}; zero, page, xbzrle, compressed, bytes`, summary.rounds, roundText),
    ...list("delta sizes, up to", summary.deltaSizes, ({ size, count }) => {
      return `${String(size).padStart(6)} bytes ${String(count).padStart(10)}`;
    }),
    ...list("hottest pages", summary.hottestPages, ({ block, address, count }) => {
      return `${quoteName(block)} ${address}: ${count} records`;
    }),
    ...(description === undefined ? [] : [descriptionText(description)]),
    ...(fault === undefined ? [] : [`fault: ${fault.message}`]),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** A heading and a line for each; nothing where there is none. */
function list<One>(heading: string, all: readonly One[], lineOf: (one: One) => string): readonly string[] {
  return all.length === 0 ? [] : [`${heading}:`, ...all.map((one) => `  ${lineOf(one)}`)];
}

function roundText(round: Readonly<KindTallies>): string {
  const counts = PAGE_KINDS.map((kind) => String(round[kind].count).padStart(8));
  const byteCount = PAGE_KINDS.reduce((sum, kind) => sum + round[kind].byteCount, 0);
  return `${counts.join("")} ${String(byteCount).padStart(14)}`;
}

function descriptionText({ byteCount, isVerified }: { byteCount: number; isVerified: boolean }): string {
  const says = isVerified ? "and it lists the sections as they were found" : "and it tells nothing of the sections";
  return `description: ${byteCount} bytes, ${says}`;
}
