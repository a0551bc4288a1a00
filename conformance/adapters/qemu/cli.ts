#!/usr/bin/env node
/**
 * Program `xbzrle-qemu-adapter`: QEMU itself as an implementation under test, a receiver. Each request is given to a new QEMU, which
 * is asked for its RAM when it has read the stream. The program that is run is `qemu-system-x86_64`, found along PATH.
 */

import { spawnSync } from "node:child_process";
import { INSTALL_COMMAND, QEMU } from "../../../vectors/capture/machine.ts";
import { receive } from "../../../vectors/qemu/receive.ts";
import { Malformed, run, Unsupported } from "../javascript/xbzrle_adapter.mjs";

/** QEMU takes `-m` in KiB. */
const RAM_UNIT_BYTES = 1024;

/** Without it QEMU 2.4 to 9.0 refuses compressed records, and says so (departures.md, "Compressed records"). */
const COMPRESS = "compress";
const WITHOUT_COMPRESS = "Received an unexpected compressed page";

const version = installedVersion();
if (version === undefined) {
  process.stderr.write(`xbzrle-qemu-adapter: ${QEMU} cannot be run; ${INSTALL_COMMAND} installs it\n`);
  process.exitCode = 1;
} else {
  await run({ name: "qemu", version, receive: receiveByQemu });
}

/** The RAM of a QEMU that has read the stream; throws `Malformed` with its last words if it refuses. */
async function receiveByQemu(ramSize: number, stream: Uint8Array): Promise<Uint8Array> {
  if (ramSize % RAM_UNIT_BYTES !== 0) throw new Unsupported(`a RAM of ${ramSize} bytes`);
  const guest = { ramSize, readBytes: ramSize };
  const plain = await receive(stream, guest);
  // Not on for every stream: with it QEMU 7.2 crashes where it refuses a stream before the section of the RAM.
  const isCompressed = plain.kind === "refused" && plain.errorText.includes(WITHOUT_COMPRESS);
  const receipt = isCompressed ? await receive(stream, { ...guest, capabilities: [COMPRESS] }) : plain;
  if (receipt.kind === "refused") throw new Malformed(receipt.errorText.trim());
  return receipt.ram;
}

/** The version that QEMU tells, such as `7.2.19`; nothing where there is none. */
function installedVersion(): string | undefined {
  const { stdout } = spawnSync(QEMU, ["--version"], { encoding: "utf8" });
  return /version (\S+)/.exec(stdout ?? "")?.[1];
}
