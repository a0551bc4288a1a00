/**
 * What came of a scenario, for people: published and simulated numbers beside each other, and what pages have cost.
 */

import type { MigrationResult, ScenarioResult } from "../../simulation/comparison.ts";
import { PAGE_KINDS } from "../../simulation/costs.ts";

/**
 * Gives the text of a scenario.
 *
 * @param result - What came of it.
 * @returns Lines, with LF at their ends.
 */
export function scenarioText(result: ScenarioResult): string {
  const { name, scenario, migrations } = result;
  const lines = [`${name}: ${scenario.title}`, ...notesOf(result).map((note) => `  ${note}`)];
  return [...lines, ...migrations.flatMap(migrationLines), "", ""].join("\n");
}

/** What is to be known beside the numbers: the notes of the scenario, its seed and its scale, and where its costs are from. */
export function notesOf({ scenario, costsAreMeasured }: ScenarioResult): string[] {
  const { notes = [], scale = 1, seed = 1, costs = {} } = scenario;
  const part = scale === 1 ? "every page is simulated" : `each simulated page stands for ${scale}`;
  const lines = [...notes, `Seed ${seed}; ${part}.`];
  if (!costsAreMeasured) return lines;
  const cells = Object.entries(costs).map(([name, ns]) => `${name} ${numberText(Math.round(ns))}`);
  return [...lines, `Costs of a page, measured on this machine: ${cells.join(", ")}. Another run has other numbers.`];
}

/**
 * Says whether a migration has completed, and how.
 *
 * @param migration - The migration.
 * @returns Words without a full stop.
 */
export function outcomeText({ givenUp, totalMs, downtimeMs, rounds, published }: MigrationResult): string {
  const time = `${seconds(totalMs)} and ${rounds.length} rounds`;
  const outcome =
    givenUp === undefined
      ? `completes after ${time}, with ${ms(downtimeMs)} of downtime`
      : `does not complete: given up after ${time}; to end it, the guest stood still for ${ms(downtimeMs)}`;
  if (published === undefined) return outcome;
  return `${outcome} (published: ${published.completes ? "completes" : "does not complete"})`;
}

/** Says whether source and destination are equal. */
export function equalityText({ differingPageCount }: MigrationResult): string {
  return differingPageCount === 0
    ? "destination equals source"
    : `${differingPageCount} pages of the destination are wrong`;
}

/** A number as it is shown: whole, or with as many digits as say something, with spaces between thousands. */
function numberText(value: number): string {
  const digits = value < 10 && !Number.isInteger(value) ? value.toFixed(2) : String(Math.round(value));
  return digits.replace(/\B(?=(\d{3})+$)/g, " ");
}

/** A table: rows of cells, of which the first is the head. */
export type Table = readonly (readonly string[])[];

/**
 * Gives the tables of a migration: what was published beside what was simulated, if anything was; and what pages have cost.
 *
 * @param migration - The migration.
 * @returns Tables, in this order.
 */
export function tablesOf({ comparisons, byKind }: MigrationResult): Table[] {
  const compared = comparisons.map(({ measure, unit, published, simulated, ratio }) => [
    `${measure}, ${unit}`,
    numberText(published),
    numberText(simulated),
    ratio?.toFixed(2) ?? "",
  ]);
  const costs = PAGE_KINDS.filter((kind) => 0 < byKind[kind].pageCount).map((kind) => {
    const { pageCount, byteCount, cpuMs, threadMs } = byKind[kind];
    return [kind, ...[pageCount, byteCount, byteCount / pageCount, cpuMs, threadMs].map(numberText)];
  });
  const costTable = [["pages", "count", "bytes", "bytes each", "CPU ms", "thread ms"], ...costs];
  return compared.length === 0 ? [costTable] : [[["", "published", "simulated", "ratio"], ...compared], costTable];
}

function migrationLines(migration: MigrationResult): string[] {
  return [
    "",
    `  ${migration.name}`,
    `    ${outcomeText(migration)}`,
    `    ${equalityText(migration)}`,
    ...migration.events.map((event) => `    ${event}`),
    ...tablesOf(migration).flatMap(tableLines),
  ];
}

/** Rows in columns: words to the left, numbers to the right. */
function tableLines(rows: Table): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  ");
  return rows.map((row) => `      ${line(row)}`);
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

function ms(durationMs: number): string {
  return `${numberText(durationMs)} ms`;
}
