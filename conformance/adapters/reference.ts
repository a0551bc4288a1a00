/**
 * Program: the reference's own adapter, which `xbzrle-conformance run` asks when it is given none.
 */

import { applyDelta, encodeDelta, MalformedDeltaError } from "../../reference/index.ts";
import { packageVersion } from "../../spec/package.ts";
import { run } from "./javascript/xbzrle_adapter.mjs";

await run({
  name: "reference",
  version: packageVersion,
  encode: encodeDelta,
  decode: applyDelta,
  isMalformed: (error) => error instanceof MalformedDeltaError,
});
