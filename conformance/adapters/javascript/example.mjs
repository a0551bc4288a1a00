/** An adapter: the codec in codec.mjs behind the adapter protocol. Run it with `node example.mjs`. */

import * as codec from "./codec.mjs";
import { run, Unsupported } from "./xbzrle_adapter.mjs";

await run({
  name: "javascript-example",
  version: "1.0",

  encode(oldPage, newPage, capacity) {
    checkPageSize(oldPage);
    return codec.encode(oldPage, newPage, capacity);
  },

  decode(oldPage, delta) {
    checkPageSize(oldPage);
    return codec.decode(oldPage, delta);
  },

  isMalformed: (error) => error instanceof codec.MalformedDeltaError,
});

/** @param {Uint8Array} page */
function checkPageSize(page) {
  if (page.length < 1 || codec.MAX_PAGE_SIZE < page.length) throw new Unsupported(`page size ${page.length}`);
}
