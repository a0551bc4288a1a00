/**
 * Program: the reference's own adapter, which `xbzrle-conformance run` asks when it is given none.
 */

import {
  applyCompressed,
  applyDelta,
  encodeDelta,
  MAX_CACHE_SIZE,
  MalformedDeltaError,
  MalformedStreamError,
  receiveStream,
} from "../../reference/index.ts";
import { packageVersion } from "../../spec/package.ts";
import { run, Unsupported } from "./javascript/xbzrle_adapter.mjs";
import { PAGE_SIZE, sendByReference } from "./reference-sender.ts";

await run({
  name: "reference",
  version: packageVersion,
  encode: encodeDelta,
  decode: applyDelta,
  /** The guest of docs/adapter.md. */
  receive(ramSize, stream) {
    const ram = new Uint8Array(ramSize);
    receiveStream([stream], { machine: "none", pageSize: PAGE_SIZE, blocks: new Map([["ram", ram]]) }, applyCompressed);
    return ram;
  },
  send(ramSize, cacheSize, steps) {
    const isTaken = PAGE_SIZE <= cacheSize && cacheSize <= MAX_CACHE_SIZE && Number.isInteger(Math.log2(cacheSize));
    if (!isTaken) throw new Unsupported(`cache size ${cacheSize}`);
    return sendByReference({ ramSize, cacheSize, steps });
  },
  isMalformed: (error) => error instanceof MalformedDeltaError || error instanceof MalformedStreamError,
});
