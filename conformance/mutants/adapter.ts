/** Program: `node dist/conformance/mutants/adapter.js MUTANT` is a mutant, or a legal variant, as an adapter. */

import { Malformed, run } from "../adapters/javascript/xbzrle_adapter.mjs";
import type { Answer } from "../protocol.ts";
import { MUTANTS } from "./catalog.ts";
import type { Codec } from "./mutant.ts";
import { VARIANTS } from "./variants.ts";

/** What the adapter's SDK takes from an encoder. */
type Encoded = { kind: "unchanged" } | { kind: "delta"; delta: Uint8Array } | { kind: "overflow" };

const [id] = process.argv.slice(2);
const started = [...MUTANTS, ...VARIANTS].find((each) => each.id === id);
if (started === undefined) throw new RangeError(`${id} is no mutant; \`cli.js --list\`, beside this file, lists them`);
await serve(started.codec());

async function serve(codec: Codec): Promise<void> {
  await run({
    name: "mutant",
    version: "1",
    encode: (oldPage, newPage, capacity) => encoded(codec.encode({ operation: "encode", oldPage, newPage, capacity })),
    decode: (oldPage, delta) => decoded(codec.decode({ operation: "decode", oldPage, delta })),
  });
}

function encoded(answer: Answer): Encoded {
  switch (answer.kind) {
    case "delta":
      return { kind: "delta", delta: answer.delta };
    case "unchanged":
    case "overflow":
      return { kind: answer.kind };
    default:
      throw new TypeError(`${answer.kind} does not answer an encode request`);
  }
}

function decoded(answer: Answer): Uint8Array {
  if (answer.kind === "page") return answer.page;
  if (answer.kind === "malformed") throw new Malformed(answer.reason);
  throw new TypeError(`${answer.kind} does not answer a decode request`);
}
