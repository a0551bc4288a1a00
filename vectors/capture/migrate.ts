/**
 * Takes migration streams of a running guest: QEMU migrates it to a file, in as many rounds as are wanted.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Row } from "./assemble.ts";
import { assembleBootRom } from "./boot-rom.ts";
import { CaptureError } from "./capture-error.ts";
import { FOLDER, type Guest } from "./guest.ts";
import { COUNTING } from "./loads.ts";
import { commandOf, Machine } from "./machine.ts";
import { type RamPart, readRamParts } from "./ram-parts.ts";

/** A migration that is captured. */
export interface Migration {
  /** Names the stored files. */
  readonly name: string;
  /** The capabilities that are on. */
  readonly capabilities: readonly string[];
  /** Bytes a second while rounds are wanted: so few that a round takes longer than the downtime. */
  readonly slowBandwidth: number;
  /** Parameters of QEMU's beside bandwidth and downtime. */
  readonly parameters?: Readonly<Record<string, unknown>>;
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
  /** The same of all RAM blocks, as far as the processor sees them. */
  readonly parts: readonly RamPart[];
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

/** A guest that has our ROM, with a load, and no firmware; the options say which machine. */
export function romGuest(load: readonly Row[], memoryBytes: number, options: readonly string[]): Guest {
  return {
    name: "boot-rom",
    description: "A boot ROM of this project and nothing else.",
    memoryBytes,
    options: [
      ...["-nodefaults", "-vga", "none", "-nic", "none", "-bios", `${FOLDER}/boot-rom.img`],
      // 128 ns an instruction, held to the host's clock: it leaves the host mostly idle.
      ...["-icount", "shift=7,align=on", ...options],
    ],
    files: { "boot-rom.img": assembleBootRom(load) },
    regions: [],
    moments: [],
    lifetimeMs: 60_000,
  };
}

/** The guest of the stored streams: a machine that has our ROM, RAM, a serial port, and no firmware and no table of QEMU's. */
export function bootRom(): Guest {
  return {
    ...romGuest(COUNTING, MEMORY_BYTES, ["-machine", "acpi=off"]),
    description:
      "A boot ROM of this project and nothing else: it writes a table, and then for ever adds 1 to every 1024th byte of " +
      "512 KiB, inverts two pages, and prints a dot on the serial port.",
    // Between them the processor sees ROM, and not what the block of the RAM holds there.
    regions: [
      { name: "low RAM", address: 0, sizeBytes: 0xa_0000 },
      { name: "high RAM", address: 0x10_0000, sizeBytes: MEMORY_BYTES - 0x10_0000 },
    ],
  };
}

/** Starts the guest, lets it run, and migrates it. Rejects with `CaptureError` as `Machine` does. */
export async function captureStream(migration: Migration, guest: Guest = bootRom()): Promise<CapturedStream> {
  const machine = await Machine.start(guest);
  try {
    await machine.execute("cont");
    await machine.untilDotCount(3);
    const path = join(machine.folder, "stream");
    const statistics = await migrate(machine, migration, `exec:cat > ${path}`);
    const memory = await machine.snapshot();
    const parts = await readRamParts(machine);
    const { qemuVersion } = machine;
    const stream = await readFile(path);
    return { migration, guest, qemuVersion, command: commandOf(guest), statistics, stream, memory, parts };
  } finally {
    await machine.end();
  }
}

/** Migrates the guest, which runs, to a URI. Resolves to what `query-migrate` says of the RAM; the guest then stands still. */
export async function migrate(machine: Machine, migration: Migration, uri: string): Promise<unknown> {
  await setUp(machine, migration);
  await machine.execute("migrate", { uri });
  await until(machine, ({ status, ram }) => status === "completed" || ROUND_COUNT <= (ram?.["dirty-sync-count"] ?? 0));
  await machine.execute("migrate-set-parameters", FAST);
  const { ram } = await until(machine, ({ status }) => status === "completed");
  return ram;
}

async function setUp(machine: Machine, { capabilities, slowBandwidth, parameters }: Migration): Promise<void> {
  await machine.execute("migrate-set-capabilities", {
    capabilities: capabilities.map((capability) => ({ capability, state: true })),
  });
  await machine.execute("migrate-set-parameters", {
    "max-bandwidth": slowBandwidth,
    "downtime-limit": SLOW_DOWNTIME,
    ...(capabilities.includes("compress") && { "compress-threads": 1 }),
    ...parameters,
  });
}

/** The part of the answer of `query-migrate` that is looked at. */
interface MigrationState {
  readonly status?: string;
  readonly "error-desc"?: string;
  readonly ram?: { readonly "dirty-sync-count": number };
}

async function until(machine: Machine, holds: (state: MigrationState) => boolean): Promise<MigrationState> {
  for (;;) {
    const state = (await machine.execute("query-migrate")) as MigrationState;
    if (state.status === "failed") throw new CaptureError("qmp-refused", state["error-desc"] ?? "the migration failed");
    if (holds(state)) return state;
    await sleep(POLL_MS);
  }
}
