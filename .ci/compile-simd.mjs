/**
 * Compiles each folder `assembly` to WebAssembly, and writes it as `module.ts` beside it: text, so that neither the sources nor the
 * package need a file to be read. Nothing is done if the sources have not changed since.
 */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Where the folders are. */
const PLACES = ["reference/delta/simd", "conformance/hex"];

const OPTIONS = ["-O3", "--runtime", "stub", "--noAssert", "--importMemory", "--enable", "simd", "--enable", "bulk-memory"];

/** Compiles what has changed; Vitest calls it before the tests. */
export async function setup() {
  for (const place of PLACES) await compile(`${place}/assembly`, join(root, place, "module.ts"));
}

async function compile(folder, target) {
  const digest = digestOf(folder);
  if (existsSync(target) && readFileSync(target, "utf8").includes(digest)) return;
  const { default: asc } = await import("assemblyscript/asc");
  const files = new Map();
  const { error, stderr } = await asc.main([`${folder}/index.ts`, "--outFile", "module.wasm", ...OPTIONS], {
    readFile: (name, base) => (existsSync(join(base, name)) ? readFileSync(join(base, name), "utf8") : null),
    writeFile: (name, contents) => files.set(name, contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${folder} does not compile:\n${stderr.toString()}`);
  const base64 = Buffer.from(files.get("module.wasm")).toString("base64");
  writeFileSync(
    target,
    [
      "/** Written by .ci/compile-simd.mjs from the folder `assembly`; not to be edited. */",
      "",
      "/** The WebAssembly module, in base64. */",
      `export const MODULE_BASE64 =\n  "${base64}";`,
      "",
      `// Sources: ${digest}`,
      "",
    ].join("\n"),
  );
}

/** A digest of all that a module depends on. */
function digestOf(folder) {
  const hash = createHash("sha256");
  const names = readdirSync(join(root, folder)).sort();
  const paths = names.map((name) => join(folder, name));
  for (const path of [...paths, ".ci/compile-simd.mjs", "package.json"]) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(root);
  await setup();
}
