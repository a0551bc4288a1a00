/** What `flatten` and `compress` have written, given to a real QEMU: it takes it, has the memory, and its guest runs on. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { INSTALL_COMMAND, Machine, QEMU } from "../../../vectors/capture/machine.ts";
import { bootRom, captureStream, MIGRATIONS } from "../../../vectors/capture/migrate.ts";
import { digestOf, readStream, STREAMS_FOLDER } from "../../../vectors/capture/stored-stream.ts";
import { runStream } from "./fakes/run.ts";

const hasQemu = spawnSync(QEMU, ["--version"]).error === undefined;
const CASES = ["flatten", "compress"].flatMap((command) =>
  MIGRATIONS.map((migration) => ({ command, name: migration.name, migration })),
);

/** Starts a destination for the guest of the captures, with the stream; it stands still. */
async function receive(stream: Uint8Array, needsThreads: boolean): Promise<Machine> {
  const source = bootRom();
  const options = [...source.options, "-incoming", "defer"];
  const machine = await Machine.start({ ...source, options, files: { ...source.files, stream } });
  try {
    const capabilities = needsThreads ? [{ capability: "compress", state: true }] : [];
    await machine.execute("migrate-set-capabilities", { capabilities });
    await machine.execute("migrate-incoming", { uri: `exec:cat ${join(machine.folder, "stream")}` });
    while (((await machine.execute("query-migrate")) as { status?: string }).status !== "completed") await sleep(5);
    return machine;
  } catch (error) {
    await machine.end();
    throw error;
  }
}

/** The memory of the guest, by digest, after the stream; and whether it runs on from there. */
async function memoryAfter(stream: Uint8Array, needsThreads: boolean): Promise<readonly string[]> {
  const machine = await receive(stream, needsThreads);
  try {
    const memory = (await machine.snapshot()).map(digestOf);
    await machine.run({ name: "after the migration", untilDotCount: machine.dotCount + 2 });
    return memory;
  } finally {
    await machine.end();
  }
}

describe.skipIf(!hasQemu)(`Streams that a real QEMU loads (${INSTALL_COMMAND})`, () => {
  test.each(CASES)("$command of the stored capture $name", async ({ command, name, migration }) => {
    const { stream, provenance } = await readStream(STREAMS_FOLDER, name);
    const { status, stdout } = await runStream([command, "-", "-"], { stdin: [stream] });
    expect(status).toBe(0);
    const needsThreads = command === "compress" && migration.capabilities.includes("compress");
    expect(await memoryAfter(stdout, needsThreads)).toEqual(provenance.memory.map(({ sha256 }) => sha256));
  });

  test("and what extract gives of a capture that is made now is the memory of its source", async () => {
    const { stream, memory, guest } = await captureStream(MIGRATIONS.find(({ name }) => name === "xbzrle")!);
    const { stdout } = await runStream(["extract", "-", "--block", "pc.ram"], { stdin: [stream] });
    for (const [index, { address, sizeBytes }] of guest.regions.entries()) {
      expect(stdout.subarray(address, address + sizeBytes).equals(memory[index]!)).toBe(true);
    }
    for (const command of ["flatten", "compress"]) {
      const rewritten = await runStream([command, "-", "-"], { stdin: [stream] });
      expect(await memoryAfter(rewritten.stdout, false)).toEqual(memory.map(digestOf));
    }
  });
});
