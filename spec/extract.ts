/**
 * Program: writes `spec/requirements.json` and `spec/ledger.json` from the chapters (`npm run requirements`).
 */

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type LedgerEntry, ledgerPath, loadLedger, nextLedger } from "./ledger.ts";
import { packageFolder } from "./package.ts";
import { extractRequirements } from "./requirements.ts";

function ledgerLine([id, { status, digests, untested }]: [string, LedgerEntry]): string {
  const reason = untested === undefined ? "" : `, "untested": ${JSON.stringify(untested)}`;
  return `  "${id}": { "status": "${status}", "digests": [${digests.map((digest) => `"${digest}"`).join(", ")}]${reason} }`;
}

const requirements = extractRequirements();
const ledger = existsSync(ledgerPath) ? loadLedger() : {};
try {
  const next = nextLedger(ledger, requirements);
  writeFileSync(ledgerPath, `{\n${Object.entries(next).map(ledgerLine).join(",\n")}\n}\n`);
  writeFileSync(join(packageFolder, "spec/requirements.json"), `${JSON.stringify(requirements, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`requirements: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
