/**
 * The results of the codecs' benchmark as a picture: for each workload a bar for each codec, on a logarithmic axis.
 */

import { CONTENDERS, type Rates, type Result } from "./measure.ts";

const NAMES = {
  plain: "plain",
  call: "SIMD, a page a call",
  simd: "SIMD, arena",
  c: "C, gcc -O2",
  limit: "memcmp, memcpy",
};
const COLOURS = { plain: "#9aa5b1", call: "#7fb3e6", simd: "#1764ab", c: "#d9822b", limit: "#d5d9de" };

/** The axis: from 0.01 to 1000 GB/s, and where it stands in the picture, in pixels. */
const AXIS = { least: 0.01, greatest: 1000, left: 230, width: 560 };
const [BAR_HEIGHT, GAP, TOP] = [9, 14, 64];

/** The picture as SVG; `caption` says on which machine and when. */
export function plot(results: readonly Result[], caption: string): string {
  const groups = results.flatMap(({ workload, encode, decode }) => [
    { title: `encode: ${workload}`, rates: encode },
    ...(decode === undefined ? [] : [{ title: `decode: ${workload}`, rates: decode }]),
  ]);
  const groupHeight = CONTENDERS.length * BAR_HEIGHT + GAP;
  const height = TOP + groups.length * groupHeight + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 840 ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="840" height="${height}" fill="#ffffff"/>`,
    text(10, 20, `GB/s of page bytes. ${caption}`),
    ...CONTENDERS.map((name, index) => {
      const x = 10 + index * 150;
      return `<rect x="${x}" y="30" width="10" height="10" fill="${COLOURS[name]}"/>${text(x + 15, 39, NAMES[name])}`;
    }),
    ...[0.01, 0.1, 1, 10, 100, 1000].flatMap((rate) => [
      `<line x1="${place(rate)}" x2="${place(rate)}" y1="${TOP - 8}" y2="${height - 20}" stroke="#e4e7eb"/>`,
      text(place(rate) - 8, TOP - 12, `${rate}`),
    ]),
    ...groups.flatMap(({ title, rates }, index) => [
      text(10, TOP + index * groupHeight + 3 * BAR_HEIGHT, title),
      ...bars(rates, TOP + index * groupHeight),
    ]),
    "</svg>",
    "",
  ].join("\n");
}

function bars(rates: Rates, top: number): string[] {
  return CONTENDERS.map((name, index) => {
    const [y, end] = [top + index * BAR_HEIGHT, place(rates[name])];
    const bar = `<rect x="${AXIS.left}" y="${y}" width="${end - AXIS.left}" height="${BAR_HEIGHT - 1}" fill="${COLOURS[name]}"/>`;
    return bar + text(end + 3, y + BAR_HEIGHT - 1, rates[name].toPrecision(3), 9);
  });
}

/** Where a rate stands on the axis, in pixels. */
function place(rate: number): number {
  const share = Math.log(rate / AXIS.least) / Math.log(AXIS.greatest / AXIS.least);
  return Math.round(AXIS.left + AXIS.width * Math.min(Math.max(share, 0), 1));
}

function text(x: number, y: number, words: string, size = 11): string {
  return `<text x="${x}" y="${y}" font-size="${size}" fill="#323f4b">${words}</text>`;
}
