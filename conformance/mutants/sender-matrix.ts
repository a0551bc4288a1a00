/**
 * Which vectors fail the senders that break one rule each, and `docs/kill-matrix-of-senders.md`, which shows it.
 */

import { join } from "node:path";
import { packageFolder } from "../../spec/package.ts";
import { loadSendVectors } from "../../vectors/index.ts";
import type { Level } from "../harness/case.ts";
import { sendCase } from "../suites/send-cases.ts";
import { killLevel } from "./matrix.ts";
import { sendBy } from "./sender.ts";
import { type OddSender, SENDER_MISTAKES, SENDER_RULES_OFF, senderMutants } from "./sender-mistakes.ts";

/** What the vectors find of one mutant. */
export interface SenderRow extends OddSender {
  readonly level: Level;
  /** The ids of the vectors that it fails at its level. */
  readonly failed: readonly string[];
  /** Those of them that show the requirement that it breaks, or are failed for it. */
  readonly named: readonly string[];
  /** Those of them that no other rule of level required, switched off, fails; none for a mutant that is no rule switched off. */
  readonly isolating: readonly string[];
}

/** A vector that a sender fails. */
export interface SenderFailure {
  readonly id: string;
  readonly level: Level;
  readonly requirement: string;
  readonly detail: string;
  /** The requirements that the vector shows. */
  readonly shows: readonly string[];
}

/** The absolute path of the page. */
export const senderMatrixPage: string = join(packageFolder, "docs/kill-matrix-of-senders.md");

/** Asks every vector for senders of every mutant: a row for each, the rules switched off first. */
export function senderMatrix(): readonly SenderRow[] {
  const rows = senderMutants().map((mutant) => rowOf(mutant));
  const counts = new Map<string, number>();
  const off = rows.filter(isRuleOff);
  for (const id of off.filter(({ level }) => level === "required").flatMap(({ failed }) => failed))
    counts.set(id, (counts.get(id) ?? 0) + 1);
  return rows.map((row) => {
    const isIsolated = row.level === "required" && isRuleOff(row);
    return { ...row, isolating: isIsolated ? row.failed.filter((id) => counts.get(id) === 1) : [] };
  });
}

/** The vectors that the sender of a name fails, or that without a mistake. */
export function senderFailures(odd: string | undefined): readonly SenderFailure[] {
  return loadSendVectors().flatMap((vector) => {
    const asked = sendCase(vector);
    const judgement = asked.judge(sendBy(odd, asked.request));
    if (judgement.kind === "pass") return [];
    const { level, requirement, detail } = judgement;
    return [{ id: asked.id, level, requirement, detail, shows: asked.requirements }];
  });
}

function rowOf(mutant: OddSender): Omit<SenderRow, "isolating"> {
  const { name, requirement: broken } = mutant;
  const level = killLevel(broken);
  const failures = senderFailures(name).filter((failure) => level === "recommended" || failure.level === "required");
  const named = failures.filter(({ requirement, shows }) => requirement === broken || shows.includes(broken));
  return { ...mutant, level, failed: failures.map(({ id }) => id), named: named.map(({ id }) => id) };
}

function isRuleOff({ name, requirement }: OddSender): boolean {
  return name === requirement;
}

/** The page of a matrix. */
export function senderMatrixMarkdown(rows: readonly SenderRow[]): string {
  return `${[
    "# Kill matrix of senders",
    "",
    "For each requirement that binds a sender and that a stream can show there is a *mutant*, a sender that breaks this rule and no other. The vectors",
    "fail every one of them; those of a SHOULD at level recommended only. An *isolating* vector of a MUST fails this mutant and that of no other",
    "MUST. Written by `npm run mutants`.",
    "",
    "| requirement | the mistake | failed by | isolating | for example |",
    "| --- | --- | ---: | ---: | --- |",
    ...rows.filter(isRuleOff).map(({ requirement, level, failed, named, isolating }) => {
      const alone = level === "required" ? isolating.length : "";
      return `| ${requirement} | ${SENDER_RULES_OFF[requirement]} | ${failed.length} | ${alone} | \`${isolating[0] ?? named[0]}\` |`;
    }),
    "",
    `And ${SENDER_MISTAKES.length} more, that break a rule in another way or write what no receiver takes:`,
    "",
    "| mutant | breaks | the mistake | failed by | for example |",
    "| --- | --- | --- | ---: | --- |",
    ...rows
      .filter((row) => !isRuleOff(row))
      .map(({ name, requirement, what, failed, named }) => {
        return `| ${name} | ${requirement} | ${what} | ${failed.length} | \`${named[0]}\` |`;
      }),
  ].join("\n")}\n`;
}
