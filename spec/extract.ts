/**
 * Program: writes `spec/requirements.json` from the chapters (`npm run requirements`).
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./package.ts";
import { extractRequirements } from "./requirements.ts";

const file = join(packageFolder, "spec/requirements.json");
writeFileSync(file, `${JSON.stringify(extractRequirements(), null, 2)}\n`);
