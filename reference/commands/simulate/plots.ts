/**
 * Plots of a scenario, as SVG (docs/simulation.md). The library draws them here, so that the page needs no program.
 */

import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { MigrationResult } from "../../simulation/comparison.ts";
import { PAGE_KINDS, type PageKind } from "../../simulation/costs.ts";

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** The size of a plot, in pixels; the page shrinks it to its width. */
const SIZE = { width: 480, height: 280 };

/** Colours that are told apart by people who do not see red or green (Okabe and Ito). */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/** Numbers from nothing to the bytes of a whole guest: 10, 1K, 100M. */
const COMPACT = new Intl.NumberFormat("en", { notation: "compact" });

/** How many bytes each round has sent, on a logarithmic axis. */
export function bytesPlot(migrations: readonly MigrationResult[]): string {
  return linePlot(
    migrations.map(({ name, rounds }, index) => ({
      name,
      colour: colourOf(index),
      points: rounds.filter(({ streamBytes }) => 0 < streamBytes).map(({ round, streamBytes }) => [round, streamBytes]),
    })),
    { type: "log", name: "bytes", axisLabel: { formatter: (byteCount: number) => COMPACT.format(byteCount) } },
  );
}

/** Of the pages that were looked for in the cache, how many were missed, in percent; `undefined` if none was looked for. */
export function missPlot(migrations: readonly MigrationResult[]): string | undefined {
  const lines = migrations.map(({ name, rounds }, index) => ({
    name,
    colour: colourOf(index),
    points: rounds
      .filter(({ lookedUpCount }) => 0 < lookedUpCount)
      .map(({ round, missRate }) => [round, 100 * missRate]),
  }));
  const used = lines.filter(({ points }) => 0 < points.length);
  if (used.length === 0) return undefined;
  return linePlot(used, { type: "value", name: "% missed", max: 100 });
}

/** What a kind of pages has cost, for each migration. */
export function kindPlot(
  migrations: readonly MigrationResult[],
  unit: string,
  cost: (migration: MigrationResult, kind: PageKind) => number,
): string {
  const kinds = PAGE_KINDS.filter((kind) => migrations.some(({ byKind }) => 0 < byKind[kind].pageCount));
  return draw({
    legend: { top: 0 },
    grid: { left: 16, right: 32, top: 40, bottom: 40 },
    xAxis: { type: "value", name: unit, nameLocation: "middle", nameGap: 28 },
    yAxis: {
      type: "category",
      data: migrations.map(({ name }) => name),
      inverse: true,
      axisLabel: { width: 120, overflow: "break" },
    },
    series: kinds.map((kind) => ({
      type: "bar",
      name: kind,
      stack: "all",
      data: migrations.map((migration) => cost(migration, kind)),
    })),
  });
}

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly number[])[];
}

/** The colour of a migration, the same in all plots. */
function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] as string;
}

/** Rounds to the right, from 1. */
function linePlot(lines: readonly Line[], yAxis: Readonly<Record<string, unknown>>): string {
  return draw({
    legend: { top: 0 },
    grid: { left: 16, right: 32, top: 64, bottom: 40 },
    xAxis: { type: "value", name: "round", nameLocation: "middle", nameGap: 28, min: 1, minInterval: 1 },
    yAxis: { ...yAxis, nameTextStyle: { align: "left" } },
    series: lines.map(({ name, colour, points }) => ({
      type: "line",
      name,
      color: colour,
      data: points,
      symbolSize: 5,
      showSymbol: points.length < 60,
    })),
  });
}

function draw(option: Readonly<Record<string, unknown>>): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, ...SIZE });
  try {
    chart.setOption({ animation: false, color: COLOURS, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
