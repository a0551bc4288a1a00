/**
 * The results of the codecs' benchmark as tables of text, which are Markdown too.
 */

import type { Rates, Result } from "./measure.ts";

const ENCODERS = [
  "workload",
  "plain",
  "SIMD, a page a call",
  "SIMD, arena",
  "C",
  "memcmp",
  "SIMD / C",
  "SIMD / memcmp",
  "memcmp / C",
];
const DECODERS = ["workload", "plain", "SIMD, a page a call", "SIMD, arena", "C", "memcpy", "SIMD / C"];
const DELTAS = ["workload", "canonical delta", "compact delta", "saved"];

/** The three tables: encoding and decoding in GB/s of page bytes, and the sizes of deltas in bytes a page. */
export function tables(results: readonly Result[]): string {
  const encoded = results.map(({ workload, encode }) => {
    const { simd, c, limit } = encode;
    return [workload, ...rateCells(encode), ratio(simd, c), ratio(simd, limit), ratio(limit, c)];
  });
  const decoded = results.flatMap(({ workload, decode }) =>
    decode === undefined ? [] : [[workload, ...rateCells(decode), ratio(decode.simd, decode.c)]],
  );
  const sizes = results.map(({ workload, canonicalBytes, compactBytes }) => {
    const saved = canonicalBytes === 0 ? 0 : 1 - compactBytes / canonicalBytes;
    return [workload, canonicalBytes.toFixed(1), compactBytes.toFixed(1), `${(100 * saved).toFixed(1)} %`];
  });
  return [
    `Encoding, GB/s:\n\n${table([ENCODERS, ...encoded])}`,
    `Decoding, GB/s:\n\n${table([DECODERS, ...decoded])}`,
    `Bytes a page:\n\n${table([DELTAS, ...sizes])}`,
  ].join("\n\n");
}

function rateCells({ plain, call, simd, c, limit }: Rates): string[] {
  return [plain, call, simd, c, limit].map((rate) => rate.toFixed(rate < 1 ? 2 : 1));
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}

/** Rows of cells, the first the heading, in columns of one width each. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => "-".repeat(column === 0 ? width : width - 1) + (column === 0 ? "" : ":")).join(" | ")} |`;
  const [heading, ...body] = rows.map(line);
  return [heading, rule, ...body].join("\n");
}
