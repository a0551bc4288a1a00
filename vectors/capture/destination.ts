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
  const options = [...source.options, "-incoming", "defer"];
  const machine = await Machine.start({ ...source, options, files: { ...source.files, stream } });
  try {
    await machine.execute("migrate-set-capabilities", {
      capabilities: capabilities.map((capability) => ({ capability, state: true })),
    });
    await machine.execute("migrate-incoming", { uri: `exec:cat ${join(machine.folder, "stream")}` });
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
