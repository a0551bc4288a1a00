/**
 * The reports of all shards of a run joined to the report that the whole run would have written: the same but for times.
 */

import type { Verdict } from "../harness/case.ts";
import { isDrawnSection, planOrder, planRun, type RunPlan } from "../suites/plan.ts";
import { shardText } from "../suites/shard.ts";
import type { InstalledSuite } from "./check.ts";
import { concluded } from "./compose.ts";
import { sumCounts } from "./counts.ts";
import { keptShrinks } from "./looks.ts";
import { orderedShards } from "./mergeable.ts";
import type { CaseReport, Evidence, NamedReport, RunReport } from "./model.ts";
import { MOST_DRAWN_FAILURES } from "./recorder.ts";

/** Merges reports. Throws `UnmergeableError` if they are not those of all shards of one run, or contradict themselves. */
export function mergeReports(reports: readonly NamedReport[], installed: InstalledSuite): RunReport {
  const shards = orderedShards(reports, installed);
  const first = shards[0]!;
  const options = { ...first.options, shard: null };
  const plan = planRun(options, installed.vectors);
  const order = planOrder(installed.vectors.map(({ id }) => id));
  return concluded({
    ...first,
    options,
    startedAt: shards.map(({ startedAt }) => startedAt).sort()[0]!,
    // Shards run at the same time, on machines of their own.
    durationMs: Math.max(...shards.map(({ durationMs }) => durationMs)),
    restarts: sum(shards.map(({ restarts }) => restarts)),
    evidence: mergedEvidence(shards, plan, order),
    sections: mergedSections(shards, plan),
    requirements: mergedRequirements(shards, plan),
    cases: mergedCases(shards, plan),
    failures: keptShrinks(mergedFailures(shards, order), options.level),
  });
}

type Order = (id: string) => number;

/** The failures in the order of the whole run; of those without names no more than one run keeps. */
function mergedFailures(shards: readonly RunReport[], order: Order): CaseReport[] {
  const placed = shards.flatMap(({ failures }) => failures.map((failure) => ({ failure, place: order(failure.id) })));
  const kept = new Map<string, number>();
  return placed
    .sort((left, right) => left.place - right.place)
    .map(({ failure }) => failure)
    .filter(({ section }) => {
      const count = kept.get(section) ?? 0;
      kept.set(section, count + 1);
      return !isDrawnSection(section) || count < MOST_DRAWN_FAILURES;
    });
}

function mergedEvidence(
  shards: readonly RunReport[],
  plan: RunPlan,
  order: Order,
): Omit<Evidence, "staleKnownFailures"> {
  const evidences = shards.map(({ evidence }) => evidence);
  const stops = shards.flatMap(({ options, evidence }) =>
    evidence.stopped === null ? [] : [`${shardText(options.shard!)}: ${evidence.stopped}`],
  );
  return {
    leftOut: plan.leftOutCount,
    stopped: stops.length === 0 ? null : stops.join("; "),
    failedFast: stops.length !== 0 && evidences.every(({ stopped, failedFast }) => stopped === null || failedFast),
    adapterFault: evidences.find(({ adapterFault }) => adapterFault !== null)?.adapterFault ?? null,
    knownFailures: evidences[0]!.knownFailures.map(({ pattern }, index) => {
      const uses = evidences.map(({ knownFailures }) => knownFailures[index]!);
      const passed = uses.flatMap(({ passedId }) => passedId ?? []).sort((left, right) => order(left) - order(right));
      return { pattern, isMatched: uses.some(({ isMatched }) => isMatched), passedId: passed[0] ?? null };
    }),
  };
}

function mergedSections(shards: readonly RunReport[], { asked, draws }: RunPlan): RunReport["sections"] {
  const names = new Set([...asked.map(({ section }) => section), ...draws.keys()]);
  const parts = shards.flatMap(({ sections }) => sections);
  return [...names].map((name) => {
    return { section: name, counts: sumCounts(parts.filter(({ section }) => section === name)) };
  });
}

function mergedRequirements(shards: readonly RunReport[], { leftOut }: RunPlan): RunReport["requirements"] {
  return shards[0]!.requirements.map((requirement, index) => {
    const { id } = requirement;
    const parts = shards.map(({ requirements }) => requirements[index]!);
    return {
      ...requirement,
      counts: sumCounts(parts),
      leftOut: leftOut.filter(({ requirements }) => requirements.includes(id)).length,
      broken: sum(parts.map(({ broken }) => broken)),
    };
  });
}

function mergedCases(shards: readonly RunReport[], { asked }: RunPlan): Record<string, Verdict> {
  const verdicts: Record<string, Verdict> = Object.assign({}, ...shards.map(({ cases }) => cases));
  return Object.fromEntries(asked.map(({ id }) => [id, verdicts[id]!]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
