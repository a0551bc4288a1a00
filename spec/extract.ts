/**
 * Program: writes `spec/requirements.json` and `spec/ledger.json` from the chapters (`npm run requirements`).
 */

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ledgerPath, loadLedger, nextLedger } from "./ledger.ts";
import { packageFolder } from "./package.ts";
import { extractRequirements } from "./requirements.ts";

const requirements = extractRequirements();
const ledger = existsSync(ledgerPath) ? loadLedger() : {};
try {
  const next = nextLedger(ledger, requirements);
  writeFileSync(ledgerPath, `${JSON.stringify(next, null, 2)}\n`);
  writeFileSync(join(packageFolder, "spec/requirements.json"), `${JSON.stringify(requirements, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`requirements: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
