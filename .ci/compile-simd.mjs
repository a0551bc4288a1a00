/**
 * Compiles reference/delta/simd/assembly to WebAssembly, and writes it as reference/delta/simd/module.ts: text, so that
 * neither the sources nor the package need a file to be read. Nothing is done if the sources have not changed since.
 */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = "reference/delta/simd/assembly";
const target = join(root, "reference/delta/simd/module.ts");

const OPTIONS = ["-O3", "--runtime", "stub", "--noAssert", "--importMemory", "--enable", "simd", "--enable", "bulk-memory"];

/** Compiles what has changed; Vitest calls it before the tests. */
export async function setup() {
  const digest = digestOfSources();
  if (existsSync(target) && readFileSync(target, "utf8").includes(digest)) return;
  const { default: asc } = await import("assemblyscript/asc");
  const files = new Map();
  const { error, stderr } = await asc.main([`${folder}/index.ts`, "--outFile", "codec.wasm", ...OPTIONS], {
    readFile: (name, base) => (existsSync(join(base, name)) ? readFileSync(join(base, name), "utf8") : null),
    writeFile: (name, contents) => files.set(name, contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${folder} does not compile:\n${stderr.toString()}`);
  const base64 = Buffer.from(files.get("codec.wasm")).toString("base64");
  writeFileSync(
    target,
    [
      "/** Written by .ci/compile-simd.mjs from the folder `assembly`; not to be edited. */",
      "",
      "/** The WebAssembly module of the codec, in base64. */",
      `export const MODULE_BASE64 =\n  "${base64}";`,
      "",
      `// Sources: ${digest}`,
      "",
    ].join("\n"),
  );
}

/** A digest of all that the module depends on. */
function digestOfSources() {
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
