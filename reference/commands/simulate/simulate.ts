/**
 * `xbzrle simulate SCENARIO...`: migrations on a virtual clock, beside what was published of them (docs/simulation.md).
 */

import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { MalformedTraceError } from "../../guest/trace/trace.ts";
import { type ScenarioResult, simulateScenario } from "../../simulation/comparison.ts";
import type { TraceLines } from "../../simulation/guest.ts";
import type { Scenario } from "../../simulation/scenario.ts";
import { SCENARIOS } from "../../simulation/scenarios/scenarios.ts";
import { type InputFile, inputFailure, place, readJson, requireOneStandardInput, STANDARD_STREAM } from "../input.ts";
import { writeWholeFile } from "../output.ts";
import { requireShape } from "../schema.ts";
import {
  EXIT_STATUS,
  type ExitStatus,
  printMessage,
  printOutput,
  type StandardStreams,
  UsageError,
} from "../streams.ts";
import { measureCosts } from "./measure-costs.ts";
import { scenarioText } from "./text.ts";

/** The options of `xbzrle simulate`. */
export interface SimulateOptions {
  /** Whether the results are printed as JSON. */
  readonly json?: boolean;
  /** Whether pages cost what they cost on this machine, and not what the scenario says. */
  readonly measureCosts?: boolean;
  /** A file for the results as a page with plots. */
  readonly html?: string;
}

/**
 * Simulates scenarios.
 *
 * @param names - Each the name of a scenario that comes with the program, or a file of JSON, or `-`.
 * @param options - How the results are printed.
 * @param streams - Standard streams.
 * @returns `done`; `refused` if a destination is not what its source is.
 * @throws UsageError if a file cannot be had or written, or is no scenario.
 */
export async function simulateCommand(
  names: readonly string[],
  options: SimulateOptions,
  streams: StandardStreams,
): Promise<ExitStatus> {
  const files = names.filter((name) => !Object.hasOwn(SCENARIOS, name)).map(fileOf);
  requireOneStandardInput(...files);
  const scenarios: [string, Scenario][] = [];
  for (const name of names) scenarios.push([name, await readScenario(name, streams)]);
  const results: ScenarioResult[] = [];
  for (const [name, scenario] of scenarios) {
    const result = resultOf(name, scenario, options.measureCosts ?? false);
    results.push(result);
    if (!options.json) await printOutput(streams.stdout, scenarioText(result));
  }
  if (options.json) await printOutput(streams.stdout, `${JSON.stringify({ scenarios: results }, undefined, 2)}\n`);
  if (options.html !== undefined) {
    // Imported here, because the library of the plots takes a moment to load.
    const { pageOf } = await import("./page.ts");
    writeWholeFile("--html", options.html, Buffer.from(pageOf(results)));
  }
  return requireEqualMemories(results, streams);
}

async function readScenario(name: string, { stdin }: StandardStreams): Promise<Scenario> {
  if (Object.hasOwn(SCENARIOS, name)) return SCENARIOS[name] as Scenario;
  const file = fileOf(name);
  if (name !== STANDARD_STREAM && !existsSync(name)) {
    const names = Object.keys(SCENARIOS).join(", ");
    throw new UsageError(
      `${place(file)} does not exist; name a file of JSON, ${STANDARD_STREAM} for standard input, or one of ${names}`,
    );
  }
  return requireShape<Scenario>(await readJson(file, stdin), "scenario", file);
}

function fileOf(path: string): InputFile {
  return { argument: "SCENARIO", path };
}

function resultOf(name: string, given: Scenario, costsAreMeasured: boolean): ScenarioResult {
  const scenario = costsAreMeasured ? { ...given, costs: measureCosts(given.guest.pageSize ?? 4096) } : given;
  try {
    return { name, costsAreMeasured, ...simulateScenario(scenario, readTraces(name, scenario)) };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof MalformedTraceError)) throw error;
    throw new UsageError(`${place(fileOf(name))}: ${error.message}; docs/simulation.md has an example`);
  }
}

/** The traces that a scenario names; a path is seen from the folder of its file. */
function readTraces(name: string, { traces = [] }: Scenario): TraceLines {
  const folder = name === STANDARD_STREAM ? "." : dirname(name);
  return new Map(traces.map((path) => [path, readTraceLines(resolve(folder, path))]));
}

function readTraceLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch (error) {
    throw new UsageError(`trace ${path} ${inputFailure((error as NodeJS.ErrnoException).code, "a trace")}`);
  }
}

async function requireEqualMemories(
  results: readonly ScenarioResult[],
  { stderr }: StandardStreams,
): Promise<ExitStatus> {
  for (const { name, migrations } of results) {
    const wrong = migrations.find(({ differingPageCount }) => 0 < differingPageCount);
    if (wrong === undefined) continue;
    const count = wrong.differingPageCount;
    await printMessage(stderr, `${name}, ${wrong.name}: ${count} pages of the destination are not those of the source`);
    return EXIT_STATUS.refused;
  }
  return EXIT_STATUS.done;
}
