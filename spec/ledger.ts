/**
 * The ledger of all requirement ids ever given out, `spec/ledger.json`, so that none is used twice or given another number.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./package.ts";
import type { Requirement } from "./requirements.ts";

/** What is remembered of an id: whether it still binds, and the digests of all texts that it has had, the newest last. */
export interface LedgerEntry {
  readonly status: Requirement["status"];
  readonly digests: readonly string[];
  /** Why no vector can show it; written by hand, and only where none does. */
  readonly untested?: string;
}

/** All ids ever given out. */
export type Ledger = Readonly<Record<string, LedgerEntry>>;

/** The file of the ledger. */
export const ledgerPath: string = join(packageFolder, "spec/ledger.json");

/** Reads `spec/ledger.json`. */
export function loadLedger(): Ledger {
  return JSON.parse(readFileSync(ledgerPath, "utf8"));
}

/** What the chapters do that the ledger forbids, a sentence each: reuse, renumbering, and ids that have gone. */
export function ledgerFaults(ledger: Ledger, requirements: readonly Requirement[]): string[] {
  const present = new Set(requirements.map(({ id }) => id));
  const gone = Object.keys(ledger).filter((id) => !present.has(id));
  return [
    ...gone.map(
      (id) => `${id} has gone from the chapters; a requirement that no longer binds stays as "**${id}** Withdrawn."`,
    ),
    ...requirements.flatMap((requirement) => entryFaults(ledger, requirement)),
  ];
}

/** The ledger with the requirements' ids and texts added. Throws an Error with all {@link ledgerFaults} if there are any. */
export function nextLedger(ledger: Ledger, requirements: readonly Requirement[]): Ledger {
  const faults = ledgerFaults(ledger, requirements);
  if (faults.length !== 0) throw new Error(faults.join("\n"));
  const entries = requirements.map(({ id, status, digest }): [string, LedgerEntry] => {
    const digests = (ledger[id]?.digests ?? []).filter((earlier) => earlier !== digest);
    return [id, { ...ledger[id], status, digests: [...digests, digest] }];
  });
  return Object.fromEntries(entries);
}

function entryFaults(ledger: Ledger, { id, status, digest }: Requirement): string[] {
  const faults: string[] = [];
  const otherId = Object.keys(ledger).find((other) => other !== id && ledger[other]?.digests.includes(digest));
  if (otherId !== undefined) faults.push(`${id} has the text of ${otherId}; a requirement keeps its id`);
  if (ledger[id]?.status === "withdrawn" && status === "active") {
    faults.push(`${id} was withdrawn; a new requirement gets a new number`);
  }
  return faults;
}
