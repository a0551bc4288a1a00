/**
 * The package itself: where it stands, from its sources as from `dist`, and its version.
 */

import { createRequire } from "node:module";
import { dirname } from "node:path";

const require = createRequire(import.meta.url);

/** The absolute path of the folder of the package, in which `spec`, `docs` and `vectors` are. */
export const packageFolder: string = dirname(require.resolve("xbzrle/package.json"));

/** The version of the package. */
export const packageVersion: string = require("xbzrle/package.json").version;
