/**
 * Real QEMUs as source and destination: what `extract` gives is the memory of the source; what `flatten` and `compress` write
 * is taken, gives that memory, and the guest runs on.
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startDestination } from "../../../vectors/capture/destination.ts";
import { FRESH_CAPTURES } from "../../../vectors/capture/fresh-captures.ts";
import { INSTALL_COMMAND, type Machine, QEMU } from "../../../vectors/capture/machine.ts";
import { bootRom, captureStream, MIGRATIONS } from "../../../vectors/capture/migrate.ts";
import { type RamPart, readRamParts } from "../../../vectors/capture/ram-parts.ts";
import { digestOf, readStream, STREAMS_FOLDER } from "../../../vectors/capture/stored-stream.ts";
import { runStream, temporaryFolder } from "./fakes/run.ts";
import { PAGE_KINDS } from "./statistics.ts";
import type { StreamSummary } from "./summary.ts";

const hasQemu = spawnSync(QEMU, ["--version"]).error === undefined;
const folder = temporaryFolder();
const COMMANDS = ["flatten", "compress"] as const;
const STORED = COMMANDS.flatMap((command) =>
  MIGRATIONS.map((migration) => ({ command, name: migration.name, migration })),
);
const FRESH = FRESH_CAPTURES.map((capture) => ({ ...capture, name: capture.migration.name }));

/** Neither the destination's threads are needed after `flatten`, nor is anything compressed. */
function capabilitiesAfter(command: (typeof COMMANDS)[number], capabilities: readonly string[]): readonly string[] {
  return command === "flatten" ? capabilities.filter((capability) => capability !== "compress") : capabilities;
}

async function rewritten(command: string, stream: Uint8Array): Promise<Uint8Array> {
  const { status, stdout, stderr } = await runStream([command, "-", "-"], { stdin: [stream] });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}

async function requireRunning(machine: Machine): Promise<void> {
  await machine.run({ name: "after the migration", untilDotCount: machine.dotCount + 2 });
}

/** The images of all blocks by name, as `extract` writes them. */
async function imagesOf(stream: Uint8Array, name: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { status, stdout, stderr } = await runStream(["extract", "-", "-o", join(folder, name)], { stdin: [stream] });
  expect([status, stderr]).toEqual([0, ""]);
  const lines = stdout.toString().trim().split("\n");
  return new Map(
    lines.map((line) => {
      const [, block, path] = /^"(.*)" \d+ (.*)$/.exec(line)!;
      return [block!, readFileSync(path!)];
    }),
  );
}

/** The parts that differ from what the images hold, in words; a region bears the end of the name of its block. */
function differences(parts: readonly RamPart[], images: ReadonlyMap<string, Uint8Array>): readonly string[] {
  return parts.flatMap(({ block, offset, bytes }) => {
    const name = [...images.keys()].find((key) => key === block || key.endsWith(`/${block}`)) ?? "";
    const image = images.get(name)?.subarray(offset, offset + bytes.length);
    return image !== undefined && Buffer.compare(image, bytes) === 0 ? [] : [`${block} from ${offset} on`];
  });
}

describe.skipIf(!hasQemu)(`Streams of and for a real QEMU (${INSTALL_COMMAND})`, () => {
  test.each(STORED)("$command of the stored capture $name is taken", async ({ command, name, migration }) => {
    const { stream, provenance } = await readStream(STREAMS_FOLDER, name);
    const output = await rewritten(command, stream);
    const machine = await startDestination(bootRom(), output, capabilitiesAfter(command, migration.capabilities));
    onTestFinished(() => machine.end());
    expect((await machine.snapshot()).map(digestOf)).toEqual(provenance.memory.map(({ sha256 }) => sha256));
    await requireRunning(machine);
  });

  test.each(FRESH)(
    "a capture that is made now: $name",
    async ({ name, migration, guest, blocks, kinds, sharedBlock }) => {
      const captured = await captureStream(migration, guest);
      const parts = captured.parts.filter(({ block }) => block !== sharedBlock);
      expect(new Set(parts.map(({ block }) => block))).toEqual(new Set(blocks));
      expect(differences(parts, await imagesOf(captured.stream, name))).toEqual([]);
      const checked = await runStream(["check", "-"], { stdin: [captured.stream] });
      expect([checked.status, checked.stdout.toString()]).toEqual([0, expect.stringMatching(/^sound: .*records\n$/)]);
      const inspected = await runStream(["inspect", "-", "--json"], { stdin: [captured.stream] });
      const { records } = JSON.parse(inspected.stdout.toString()) as StreamSummary;
      expect(PAGE_KINDS.filter((kind) => 0 < records[kind].count)).toEqual(expect.arrayContaining([...kinds]));

      for (const command of COMMANDS) {
        const output = await rewritten(command, captured.stream);
        expect(differences(parts, await imagesOf(output, `${name}, ${command}`))).toEqual([]);
        // A destination of its own does not share the block.
        if (sharedBlock !== undefined) continue;
        const machine = await startDestination(guest, output, capabilitiesAfter(command, migration.capabilities));
        try {
          const received = await readRamParts(machine);
          expect(received.map(digestOfPart)).toEqual(parts.map(digestOfPart));
          await requireRunning(machine);
        } finally {
          await machine.end();
        }
      }
    },
  );
});

function digestOfPart({ block, offset, bytes }: RamPart): string {
  return `${block} ${offset} ${digestOf(bytes)}`;
}
