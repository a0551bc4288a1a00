/**
 * A QEMU that takes a stream of one of our guests, as the destination of its migration.
 */

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CaptureError } from "./capture-error.ts";
import type { Guest } from "./guest.ts";
import { Machine } from "./machine.ts";

const POLL_MS = 5;

/**
 * Starts a destination and gives it the stream; it then stands still, where its source stood.
 *
 * @param source - The guest that the stream is of.
 * @param stream - The whole stream.
 * @param capabilities - Those that are on.
 * Rejects with `CaptureError` as `Machine.start`, and `qmp-refused` if QEMU refuses the stream.
 */
export async function startDestination(
  source: Guest,
  stream: Uint8Array,
  capabilities: readonly string[],
): Promise<Machine> {
  const guest = { ...source, files: { ...source.files, stream } };
  const machine = await startIncoming(guest, capabilities, ({ folder }) => `exec:cat ${join(folder, "stream")}`);
  try {
    for (;;) {
      const { status } = (await machine.execute("query-migrate")) as { status?: string };
      if (status === "completed") return machine;
      if (status === "failed") throw new CaptureError("qmp-refused", "the destination refuses the stream");
      await sleep(POLL_MS);
    }
  } catch (error) {
    await machine.end();
    throw error;
  }
}

/**
 * Starts a destination that listens on a port of 127.0.0.1; after the migration it stands still, unless it is told to `cont` before.
 *
 * @param source - The guest that comes.
 * @param capabilities - Those that are on.
 * Rejects with `CaptureError` as `Machine.start`.
 */
export async function startListener(
  source: Guest,
  capabilities: readonly string[],
): Promise<{ readonly machine: Machine; readonly port: number }> {
  const machine = await startIncoming(source, capabilities, () => "tcp:127.0.0.1:0");
  try {
    const { "socket-address": addresses } = (await machine.execute("query-migrate")) as {
      readonly "socket-address": readonly { readonly port: string }[];
    };
    return { machine, port: Number(addresses[0]!.port) };
  } catch (error) {
    await machine.end();
    throw error;
  }
}

async function startIncoming(
  source: Guest,
  capabilities: readonly string[],
  uriOf: (machine: Machine) => string,
): Promise<Machine> {
  const machine = await Machine.start({ ...source, options: [...source.options, "-incoming", "defer"] });
  try {
    await machine.execute("migrate-set-capabilities", {
      capabilities: capabilities.map((capability) => ({ capability, state: true })),
    });
    await machine.execute("migrate-incoming", { uri: uriOf(machine) });
    return machine;
  } catch (error) {
    await machine.end();
    throw error;
  }
}
