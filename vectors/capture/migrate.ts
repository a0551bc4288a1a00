/**
 * Takes migration streams of a running guest: QEMU migrates it to a file, in as many rounds as are wanted.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { assembleBootRom } from "./boot-rom.ts";
import { FOLDER, type Guest } from "./guest.ts";
import { commandOf, Machine } from "./machine.ts";

/** A migration that is captured. */
export interface Migration {
  /** Names the stored files. */
  readonly name: "plain" | "xbzrle" | "compress" | "xbzrle-compress";
  /** The capabilities that are on. */
  readonly capabilities: readonly string[];
  /** Bytes a second while rounds are wanted: so few that a round takes longer than the downtime. */
  readonly slowBandwidth: number;
}

/** What was captured. */
export interface CapturedStream {
  readonly migration: Migration;
  readonly guest: Guest;
  /** The version that QEMU stated. */
  readonly qemuVersion: string;
  readonly command: readonly string[];
  /** What `query-migrate` said of the RAM at the end. */
  readonly statistics: unknown;
  readonly stream: Uint8Array;
  /** The memory of the guest's regions after the migration: what a receiver of the stream has to hold there. */
  readonly memory: readonly Uint8Array[];
}

/** The migrations that are captured. */
export const MIGRATIONS: readonly Migration[] = [
  { name: "plain", capabilities: [], slowBandwidth: 4_000_000 },
  { name: "xbzrle", capabilities: ["xbzrle"], slowBandwidth: 4_000_000 },
  { name: "compress", capabilities: ["compress"], slowBandwidth: 100_000 },
  { name: "xbzrle-compress", capabilities: ["xbzrle", "compress"], slowBandwidth: 300_000 },
];

const MEMORY_BYTES = 2 * 1024 * 1024;

/** QEMU looks at the dirty pages this often before it may finish; XBZRLE begins with the third round. */
const ROUND_COUNT = 6;

/** Until the rounds have come, the downtime is one that is never met; then one that is. In ms and bytes a second. */
const SLOW_DOWNTIME = 1;
const FAST = { "max-bandwidth": 1_000_000_000, "downtime-limit": 2000 };

const POLL_MS = 5;

/** The guest: a machine that has our ROM, RAM, a serial port, and no firmware and no table of QEMU's. */
export function bootRom(): Guest {
  return {
    name: "boot-rom",
    description:
      "A boot ROM of this project and nothing else: it writes a table, and then for ever adds 1 to every 1024th byte of " +
      "512 KiB, inverts two pages, and prints a dot on the serial port.",
    memoryBytes: MEMORY_BYTES,
    options: [
      ...["-machine", "acpi=off", "-nodefaults", "-vga", "none", "-nic", "none"],
      ...["-bios", `${FOLDER}/boot-rom.img`],
      // 128 ns an instruction, held to the host's clock: it leaves the host mostly idle.
      ...["-icount", "shift=7,align=on"],
    ],
    files: { "boot-rom.img": assembleBootRom() },
    // Between them the processor sees ROM, and not what the block of the RAM holds there.
    regions: [
      { name: "low RAM", address: 0, sizeBytes: 0xa_0000 },
      { name: "high RAM", address: 0x10_0000, sizeBytes: MEMORY_BYTES - 0x10_0000 },
    ],
    moments: [],
    lifetimeMs: 60_000,
  };
}

/** Starts the guest, lets it run, and migrates it. Rejects with `CaptureError` as `Machine` does. */
export async function captureStream(migration: Migration): Promise<CapturedStream> {
  const guest = bootRom();
  const machine = await Machine.start(guest);
  try {
    await machine.execute("cont");
    await machine.untilDotCount(3);
    await setUp(machine, migration);
    const path = join(machine.folder, "stream");
    await machine.execute("migrate", { uri: `exec:cat > ${path}` });
    await until(
      machine,
      ({ status, ram }) => status === "completed" || ROUND_COUNT <= (ram?.["dirty-sync-count"] ?? 0),
    );
    await machine.execute("migrate-set-parameters", FAST);
    const { ram: statistics } = await until(machine, ({ status }) => status === "completed");
    const memory = await machine.snapshot();
    const { qemuVersion } = machine;
    const stream = await readFile(path);
    return { migration, guest, qemuVersion, command: commandOf(guest), statistics, stream, memory };
  } finally {
    await machine.end();
  }
}

async function setUp(machine: Machine, { capabilities, slowBandwidth }: Migration): Promise<void> {
  await machine.execute("migrate-set-capabilities", {
    capabilities: capabilities.map((capability) => ({ capability, state: true })),
  });
  await machine.execute("migrate-set-parameters", {
    "max-bandwidth": slowBandwidth,
    "downtime-limit": SLOW_DOWNTIME,
    ...(capabilities.includes("compress") && { "compress-threads": 1 }),
  });
}

/** The part of the answer of `query-migrate` that is looked at. */
interface MigrationState {
  readonly status?: string;
  readonly ram?: { readonly "dirty-sync-count": number };
}

async function until(machine: Machine, holds: (state: MigrationState) => boolean): Promise<MigrationState> {
  for (;;) {
    const state = (await machine.execute("query-migrate")) as MigrationState;
    if (holds(state)) return state;
    await sleep(POLL_MS);
  }
}
