/**
 * Program: the reference's own adapter, which `xbzrle-conformance run` asks when it is given none.
 */

import {
  applyCompressed,
  applyDelta,
  encodeDelta,
  MalformedDeltaError,
  MalformedStreamError,
  receiveStream,
} from "../../reference/index.ts";
import { packageVersion } from "../../spec/package.ts";
import { run } from "./javascript/xbzrle_adapter.mjs";

await run({
  name: "reference",
  version: packageVersion,
  encode: encodeDelta,
  decode: applyDelta,
  /** The guest of docs/adapter.md. */
  receive(ramSize, stream) {
    const ram = new Uint8Array(ramSize);
    receiveStream([stream], { machine: "none", pageSize: 4096, blocks: new Map([["ram", ram]]) }, applyCompressed);
    return ram;
  },
  isMalformed: (error) => error instanceof MalformedDeltaError || error instanceof MalformedStreamError,
});
