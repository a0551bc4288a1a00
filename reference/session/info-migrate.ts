/**
 * What `info migrate` prints: as QEMU 7.2 does, and as the proposal of 2011 does (docs/xbzrle/session.md, "Counters").
 */

import type { Counters } from "./counters.ts";
import type { CompressionStatus, MigrationStatus, RamStatus, XbzrleStatus } from "./status.ts";

/**
 * Gives the lines of today.
 *
 * @param status - What `query-migrate` answers.
 * @returns A line each, with LF at its end; those that QEMU prints for the same numbers, without what is about multifd and postcopy.
 */
export function infoMigrate(status: MigrationStatus): string {
  const lines = [
    `Migration status: ${status.status}`,
    `total time: ${status["total-time"]} ms`,
    ...timeLine("expected downtime", status["expected-downtime"]),
    ...timeLine("downtime", status.downtime),
    ...timeLine("setup", status["setup-time"]),
    ...ramLines(status.ram),
    ...(status["xbzrle-cache"] === undefined ? [] : xbzrleLines(status["xbzrle-cache"])),
    ...(status.compression === undefined ? [] : compressionLines(status.compression)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * Gives the lines of 2011.
 *
 * @param status - What `query-migrate` answers; the lines on XBZRLE are there where it has `xbzrle-cache`.
 * @param counters - Of the same sender: the text tells deltas that were sent from pages that were found.
 * @returns A line each, with LF at its end.
 */
export function infoMigrateOf2011(status: MigrationStatus, counters: Readonly<Counters>): string {
  const { ram, "xbzrle-cache": xbzrle } = status;
  const lines = [
    `Migration status: ${status.status}`,
    `transferred ram: ${kbytes(ram.transferred)} kbytes`,
    `remaining ram: ${kbytes(ram.remaining)} kbytes`,
    `total ram: ${kbytes(ram.total)} kbytes`,
    `transferred ram-duplicate: ${kbytes(ram.duplicate * ram["page-size"])} kbytes`,
    `transferred ram-duplicate: ${ram.duplicate} pages`,
    `transferred ram-normal: ${kbytes(ram["normal-bytes"])} kbytes`,
    `transferred ram-normal: ${ram.normal} pages`,
  ];
  if (xbzrle !== undefined) {
    const recordBytes = xbzrle.bytes - xbzrle.overflow * ram["page-size"];
    lines.push(
      `transferred ram-xbrle: ${kbytes(recordBytes)} kbytes`,
      `transferred ram-xbrle: ${counters.xbzrleRecords} pages`,
      `overflow ram-xbrle: ${xbzrle.overflow} pages`,
      `cache-hit ram-xbrle: ${xbzrle.pages} pages`,
      `cache-lookup ram-xbrle: ${xbzrle.pages + xbzrle["cache-miss"]} pages`,
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

function timeLine(name: string, timeMs: number | undefined): string[] {
  return timeMs === undefined ? [] : [`${name}: ${timeMs} ms`];
}

function ramLines(ram: RamStatus): string[] {
  return [
    `transferred ram: ${kbytes(ram.transferred)} kbytes`,
    `throughput: ${ram.mbps.toFixed(2)} mbps`,
    `remaining ram: ${kbytes(ram.remaining)} kbytes`,
    `total ram: ${kbytes(ram.total)} kbytes`,
    `duplicate: ${ram.duplicate} pages`,
    `skipped: ${ram.skipped} pages`,
    `normal: ${ram.normal} pages`,
    `normal bytes: ${kbytes(ram["normal-bytes"])} kbytes`,
    `dirty sync count: ${ram["dirty-sync-count"]}`,
    `page size: ${kbytes(ram["page-size"])} kbytes`,
    `pages-per-second: ${Math.floor(ram["pages-per-second"])}`,
    ...(ram["dirty-pages-rate"] === 0 ? [] : [`dirty pages rate: ${Math.floor(ram["dirty-pages-rate"])} pages`]),
  ];
}

function xbzrleLines(xbzrle: XbzrleStatus): string[] {
  return [
    `cache size: ${xbzrle["cache-size"]} bytes`,
    `xbzrle transferred: ${kbytes(xbzrle.bytes)} kbytes`,
    `xbzrle pages: ${xbzrle.pages} pages`,
    `xbzrle cache miss: ${xbzrle["cache-miss"]} pages`,
    `xbzrle cache miss rate: ${xbzrle["cache-miss-rate"].toFixed(2)}`,
    `xbzrle encoding rate: ${xbzrle["encoding-rate"].toFixed(2)}`,
    `xbzrle overflow: ${xbzrle.overflow}`,
  ];
}

function compressionLines(compression: CompressionStatus): string[] {
  return [
    `compression pages: ${compression.pages} pages`,
    `compression busy: ${compression.busy}`,
    `compression busy rate: ${compression["busy-rate"].toFixed(2)}`,
    `compressed size: ${kbytes(compression["compressed-size"])} kbytes`,
    `compression rate: ${compression["compression-rate"].toFixed(2)}`,
  ];
}

/** Whole kilobytes of 1024 bytes, the rest left out. */
function kbytes(byteCount: number): number {
  return Math.floor(byteCount / 1024);
}
