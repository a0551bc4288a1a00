/**
 * `xbzrle plan FILE`: hosts and guests become migrations, in waves, with the size of the page cache for each (docs/planning.md).
 */

import { sizeText } from "../../amounts.ts";
import { type MigrationPlan, type PlanRefusal, planMigrations } from "../../plan/plan.ts";
import type { PlanRequest } from "../../plan/request.ts";
import type { Migration } from "../../plan/waves.ts";
import { type InputFile, place, readJson } from "../input.ts";
import { requireShape } from "../schema.ts";
import {
  EXIT_STATUS,
  type ExitStatus,
  printMessage,
  printOutput,
  type StandardStreams,
  UsageError,
} from "../streams.ts";

/** The options of `xbzrle plan`. */
export interface PlanOptions {
  /** Whether the plan is printed as JSON; a refusal then too. */
  readonly json?: boolean;
}

/**
 * Plans migrations.
 *
 * @param path - The file of what is asked, or `-`.
 * @param options - How it is printed.
 * @param streams - Standard streams.
 * @returns `done`, also if there is nothing to do; `refused` if there is no plan.
 * @throws UsageError if the file cannot be had, or is not as `spec/plan.schema.json` says.
 */
export async function planCommand(path: string, options: PlanOptions, streams: StandardStreams): Promise<ExitStatus> {
  const file: InputFile = { argument: "FILE", path };
  const planned = plan(requireShape<PlanRequest>(await readJson(file, streams.stdin), "plan", file), file);
  if (options.json) await printOutput(streams.stdout, `${JSON.stringify(jsonOf(planned), undefined, 2)}\n`);
  if (planned.kind === "refusal") {
    await printMessage(streams.stderr, planned.reason);
    return EXIT_STATUS.refused;
  }
  if (!options.json) await printOutput(streams.stdout, textOf(planned));
  return EXIT_STATUS.done;
}

function plan(request: PlanRequest, file: InputFile): MigrationPlan | PlanRefusal {
  try {
    return planMigrations(request);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${place(file)}: ${error.message}; docs/planning.md has examples`);
  }
}

/** The plan for programs: guests by name. */
function jsonOf(planned: MigrationPlan | PlanRefusal): unknown {
  if (planned.kind === "refusal") return planned;
  const waves = planned.waves.map((wave) => wave.map((migration) => ({ ...migration, guest: migration.guest.name })));
  return { ...planned, waves };
}

/** The plan for people. */
function textOf({ waves, hosts }: MigrationPlan): string {
  if (waves.length === 0) return "nothing to do\n";
  const lines = waves.flatMap((wave, index) => [`wave ${index + 1}`, ...wave.map(lineOf)]);
  const outlooks = hosts.map(
    ({ name, freeBytes, leastFreeBytes }) =>
      `  ${name}: ${sizeText(freeBytes)} free at the end, never less than ${sizeText(leastFreeBytes)}`,
  );
  return [...lines, "hosts", ...outlooks, ""].join("\n");
}

function lineOf({ guest, from, to, cacheBytes, wantedCacheBytes }: Migration): string {
  const less = cacheBytes < wantedCacheBytes ? ` (${sizeText(wantedCacheBytes)} with more memory)` : "";
  const cache = cacheBytes === 0 ? "without XBZRLE" : `xbzrle-cache-size ${cacheBytes}, ${sizeText(cacheBytes)}`;
  return `  ${guest.name}: ${from} -> ${to}, ${sizeText(guest.ramBytes)} of RAM, ${cache}${less}`;
}
