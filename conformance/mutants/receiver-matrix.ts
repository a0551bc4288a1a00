/**
 * Which vectors fail the receivers that break one rule each, and `docs/kill-matrix-of-receivers.md`, which shows it.
 */

import { join } from "node:path";
import { packageFolder } from "../../spec/package.ts";
import { loadReceiveVectors } from "../../vectors/index.ts";
import { receiveCase } from "../suites/receive-cases.ts";
import { receiveBy } from "./receiver.ts";
import { RECEIVER_RULES_OFF } from "./receiver-rules-off.ts";

/** What the vectors find of the mutant of one rule. */
export interface ReceiverRow {
  /** The id of the requirement that it breaks. */
  readonly breaks: string;
  /** The ids of the vectors that it fails. */
  readonly failed: readonly string[];
  /** Those of them that show the rule, or are failed for it. */
  readonly named: readonly string[];
  /** Those of them that no other mutant fails. */
  readonly isolating: readonly string[];
}

/** The absolute path of the page. */
export const receiverMatrixPage: string = join(packageFolder, "docs/kill-matrix-of-receivers.md");

/** Asks every vector for receivers of every mutant: a row for each, in the order of the table. */
export function receiverMatrix(): readonly ReceiverRow[] {
  const rows = Object.keys(RECEIVER_RULES_OFF).map((breaks) => ({ breaks, failures: receiverFailures(breaks) }));
  const counts = new Map<string, number>();
  for (const { id } of rows.flatMap(({ failures }) => failures)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return rows.map(({ breaks, failures }) => {
    const failed = failures.map(({ id }) => id);
    const named = failures.filter(({ isNamed }) => isNamed).map(({ id }) => id);
    return { breaks, failed, named, isolating: failed.filter((id) => counts.get(id) === 1) };
  });
}

/** A vector that a receiver fails. */
export interface ReceiverFailure {
  readonly id: string;
  /** True if the vector shows the rule that the receiver breaks, or is failed for it. */
  readonly isNamed: boolean;
}

/** The vectors that a receiver fails which breaks the rule, or none. */
export function receiverFailures(broken: string | undefined): readonly ReceiverFailure[] {
  return loadReceiveVectors().flatMap((vector) => {
    const asked = receiveCase(vector);
    const judgement = asked.judge(receiveBy(broken, asked.request));
    if (judgement.kind === "pass") return [];
    return [{ id: asked.id, isNamed: judgement.requirement === broken || asked.requirements.includes(broken ?? "") }];
  });
}

/** The page of a matrix. */
export function receiverMatrixMarkdown(rows: readonly ReceiverRow[]): string {
  return `${[
    "# Kill matrix of receivers",
    "",
    "For each MUST that binds a receiver there is a *mutant*, a receiver that breaks this rule and no other. The vectors fail every one of them. An",
    "*isolating* vector fails this mutant and no other. Written by `npm run mutants`.",
    "",
    "| requirement | the mistake | failed by | isolating | for example |",
    "| --- | --- | ---: | ---: | --- |",
    ...rows.map(({ breaks, failed, isolating }) => {
      return `| ${breaks} | ${RECEIVER_RULES_OFF[breaks]} | ${failed.length} | ${isolating.length} | \`${isolating[0]}\` |`;
    }),
  ].join("\n")}\n`;
}
