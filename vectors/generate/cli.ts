/** `node dist/vectors/generate/cli.js [--check]`: writes `vectors/json`, or compares it with what would be written. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../../spec/package.ts";
import { vectorsFolder } from "../load.ts";
import { compareFiles } from "./compare.ts";
import { generateFamilies, generateReceiveFamilies, generateSendFamilies } from "./families.ts";
import { faultsOf } from "./validate.ts";
import { writeWorlds } from "./worlds.ts";
import { writeFamily } from "./write.ts";

const folder = join(packageFolder, "vectors", "json");
process.exitCode = await main(process.argv.slice(2));

async function main(options: readonly string[]): Promise<number> {
  if (options.some((option) => option !== "--check")) {
    console.error("usage: cli.js [--check]");
    return 2;
  }
  const families = [...(await generateFamilies()), ...generateReceiveFamilies(), ...generateSendFamilies()];
  const faults = faultsOf(families);
  if (0 < faults.length) {
    console.error(faults.slice(0, 20).join("\n"));
    return 1;
  }
  const files = new Map(families.map((family) => [`${family.chapter}/${family.family}.json`, writeFamily(family)]));
  files.set("worlds.json", writeWorlds());
  return options.includes("--check") ? check(files) : write(files);
}

function check(files: ReadonlyMap<string, string>): number {
  const differences = compareFiles(files, readFiles());
  differences.forEach((difference) => {
    console.error(difference);
  });
  return differences.length === 0 ? 0 : 1;
}

function write(files: ReadonlyMap<string, string>): number {
  for (const chapter of ["delta", "record", "stream", "session", "compressed"] as const) {
    mkdirSync(vectorsFolder(chapter), { recursive: true });
  }
  for (const name of readFiles().keys()) {
    if (!files.has(name)) {
      rmSync(join(folder, name));
    }
  }
  for (const [name, text] of files) {
    writeFileSync(join(folder, name), text);
  }
  return 0;
}

function readFiles(): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
