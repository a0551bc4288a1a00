/**
 * Program: `npm start`, the main job on the reference's own adapter and on the C example where a compiler is there.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder } from "../../spec/package.ts";
import { BUNDLED_ADAPTERS, hasTool } from "./bundled.ts";

const cli = join(packageFolder, "dist/conformance/cli.js");
const folder = mkdtempSync(join(tmpdir(), "xbzrle-start-"));
try {
  for (const adapter of BUNDLED_ADAPTERS.filter(({ name }) => name === "reference" || name === "c")) {
    if (!hasTool(adapter.tool)) {
      process.stdout.write(`skipped: the ${adapter.name} example needs ${adapter.tool}: ${adapter.install}\n`);
      continue;
    }
    const words = [cli, "run", "--level", "recommended", "--", ...adapter.prepare(folder)];
    const { status } = spawnSync(process.execPath, words, { stdio: "inherit" });
    process.stdout.write("\n");
    process.exitCode ||= status ?? 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
