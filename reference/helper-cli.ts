#!/usr/bin/env node
/**
 * The program `migration-helper-xbzrle`: `xbzrle migration-helper`, under the name that a transport of QEMU has.
 */

process.argv.splice(2, 0, "migration-helper");
await import("./cli.ts");
