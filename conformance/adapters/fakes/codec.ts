/**
 * Adapters that are wrong in one place: the JavaScript example with statements put before its encoder and its decoder.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { adapterFile } from "../bundled.ts";

/** Statements of such an adapter. They see the arguments of the codec, and `count`, which is 0 at the start. */
export interface Wrongness {
  /** Put before `encode(oldPage, newPage, capacity)`. */
  readonly encode?: string;
  /** Put before `decode(oldPage, delta)`. */
  readonly decode?: string;
  /** What the adapter offers. */
  readonly offers?: string;
}

/** Writes the adapter into the folder, and gives its program and arguments. */
export function adapterWith(
  folder: string,
  name: string,
  { encode = "", decode = "", offers = "encode, decode" }: Wrongness,
): string[] {
  const file = join(folder, `${name}.mjs`);
  const url = (path: string) => JSON.stringify(pathToFileURL(adapterFile("javascript", path)).href);
  writeFileSync(
    file,
    `import * as codec from ${url("codec.mjs")};
import { run } from ${url("xbzrle_adapter.mjs")};
let count = 0;
function encode(oldPage, newPage, capacity) { ${encode}; return codec.encode(oldPage, newPage, capacity); }
function decode(oldPage, delta) { ${decode}; return codec.decode(oldPage, delta); }
await run({ name: "bad", version: "1", ${offers}, isMalformed: (error) => error instanceof codec.MalformedDeltaError });
`,
  );
  return [process.execPath, file];
}
