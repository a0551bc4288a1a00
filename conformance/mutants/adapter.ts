/** Program: `node dist/conformance/mutants/adapter.js MUTANT` is a mutant, or a legal variant, as an adapter. */

import { Malformed, run } from "../adapters/javascript/xbzrle_adapter.mjs";
import type { Answer } from "../protocol.ts";
import { MUTANTS } from "./catalog.ts";
import type { Codec } from "./mutant.ts";
import { receiveBy } from "./receiver.ts";
import { brokenByReceiver } from "./receiver-rules-off.ts";
import { sendBy } from "./sender.ts";
import { senderOf } from "./sender-mistakes.ts";
import { VARIANTS } from "./variants.ts";

/** What the adapter's SDK takes from an encoder. */
type Encoded = { kind: "unchanged" } | { kind: "delta"; delta: Uint8Array } | { kind: "overflow" };

const MUTANT = { name: "mutant", version: "1" } as const;

await start(process.argv[2] ?? "");

async function start(id: string): Promise<void> {
  const broken = brokenByReceiver(id);
  if (broken !== undefined) return await serveReceiver(broken);
  const odd = senderOf(id);
  if (odd !== undefined) return await serveSender(odd);
  const started = [...MUTANTS, ...VARIANTS].find((each) => each.id === id);
  if (started) return await serve(started.codec());
  throw new RangeError(`${id} is no mutant; \`cli.js --list\`, beside this file, lists them`);
}

async function serve(codec: Codec): Promise<void> {
  await run({
    ...MUTANT,
    encode: (oldPage, newPage, capacity) => encoded(codec.encode({ operation: "encode", oldPage, newPage, capacity })),
    decode: (oldPage, delta) => decoded(codec.decode({ operation: "decode", oldPage, delta })),
  });
}

async function serveReceiver(broken: string): Promise<void> {
  await run({
    ...MUTANT,
    receive: (ramSize, stream) => received(ramSize, receiveBy(broken, { operation: "receive", ramSize, stream })),
  });
}

async function serveSender(odd: string): Promise<void> {
  await run({
    ...MUTANT,
    send: (ramSize, cacheSize, steps) => streamOf(sendBy(odd, { operation: "send", ramSize, cacheSize, steps })),
  });
}

function streamOf(answer: Answer): Uint8Array {
  if (answer.kind !== "stream") throw new TypeError(`${answer.kind} does not answer a send request`);
  return answer.stream;
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

function received(ramSize: number, answer: Answer): Uint8Array {
  if (answer.kind === "malformed") throw new Malformed(answer.reason);
  if (answer.kind !== "ram") throw new TypeError(`${answer.kind} does not answer a receive request`);
  const ram = new Uint8Array(ramSize);
  for (const { address, page } of answer.pages) ram.set(page, address);
  return ram;
}
