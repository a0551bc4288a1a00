#!/usr/bin/env node
/**
 * The program `migration-helper-xbzrle`: `xbzrle migration-helper`, under the name that a transport of QEMU has.
 */

import { setFlagsFromString } from "node:v8";

// As for `xbzrle relay`, and before the memory for new objects has grown with the modules.
setFlagsFromString("--semi-space-growth-factor=1");
process.argv.splice(2, 0, "migration-helper");
await import("./cli.ts");
