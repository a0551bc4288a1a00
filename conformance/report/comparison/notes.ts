/**
 * What has to be known before runs are compared: that they were not asked the same.
 */

import type { Level } from "../../harness/case.ts";
import type { RunReport } from "../model.ts";
import type { ComparedRun } from "./model.ts";

/** A sentence for each thing that is not the same in all runs and should be. */
export function comparabilityNotes(runs: readonly ComparedRun[], level: Level): string[] {
  const vectors = differing(runs, ({ suite }) => suite.vectors);
  const versions = differing(runs, ({ suite }) => suite.version);
  const levels = differing(runs, ({ options }) => options.level);
  return [
    ...vectors.map(
      (given) => `They were made with different vectors: ${given}. Cases that one of them lacks are not compared.`,
    ),
    ...versions.map((given) => `They were made by different versions of the suite: ${given}.`),
    ...levels.map((given) => `They were made at different levels: ${given}. All are shown at level ${level}.`),
    ...runs.flatMap((later) => orderNote(runs, later)),
  ];
}

/** Which runs have which value, in a text; nothing where all have the same. */
function differing(runs: readonly ComparedRun[], of: (report: RunReport) => string): string[] {
  const labels = new Map<string, string[]>();
  for (const { label, report } of runs) {
    const value = of(report);
    labels.set(value, [...(labels.get(value) ?? []), label]);
  }
  if (labels.size <= 1) return [];
  return [[...labels].map(([value, having]) => `${having.join(", ")} with ${value}`).join("; ")];
}

/** Runs are held against the first that is named, whenever it was. */
function orderNote(runs: readonly ComparedRun[], later: ComparedRun): string[] {
  const first = runs.find(({ report }) => report.adapter.name === later.report.adapter.name);
  if (first === undefined || first.report.startedAt <= later.report.startedAt) return [];
  return [
    `Run ${later.label} was made before run ${first.label}, which it is held against: the first named is the measure.`,
  ];
}
