/**
 * One QEMU that receives one migration stream and is asked what its RAM holds then. No guest runs in it. QEMU ends when
 * it refuses a stream, so each stream has a QEMU of its own; one that refuses takes about 40 ms.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CaptureError } from "../capture/capture-error.ts";
import { listen } from "../capture/endpoint.ts";
import { QEMU } from "../capture/machine.ts";
import { QmpSession } from "../capture/qmp.ts";
import { BLOCK, MACHINE } from "../generate/spell-stream.ts";

/** After so long QEMU is killed, whatever it does. */
const LIFETIME_MS = 20_000;

/** How often QEMU is asked whether it has read the stream. */
const POLL_MS = 2;

/** What QEMU says when it refuses a stream. Where two of its threads do, it may crash behind that (departures.md, "Crash after postcopy listen"). */
const REFUSED = "load of migration failed";

/** What became of a stream. */
export type Receipt =
  | {
      /** QEMU has read the whole stream. */
      readonly kind: "accepted";
      /** The first bytes of the RAM, as many as were asked for. */
      readonly ram: Uint8Array;
    }
  | {
      /** QEMU has ended with the status of an error of its own, 1, or has crashed after it had said that it refuses. */
      readonly kind: "refused";
      /** What QEMU said, line by line. */
      readonly errorText: string;
    };

/** The guest that a stream is for, and what is read of it. */
export interface GuestOfQemu {
  /** The size of its one RAM block, in bytes. */
  readonly ramSize: number;
  /** How many of the first bytes of the RAM are read, if the stream is accepted. */
  readonly readBytes: number;
  /** The capabilities that are on. */
  readonly capabilities?: readonly string[];
}

/** How a process ended; `exitStatus` is `null` if it was killed or could not be started. */
interface End {
  readonly exitStatus: number | null;
  readonly errorText: string;
}

/**
 * Gives the stream to a new QEMU and, if it is accepted, reads the first bytes of the RAM.
 * Rejects with `CaptureError`: `qemu-ended` if QEMU crashed, took too long or is missing, `qmp-timeout`, `qmp-refused`.
 */
export async function receive(stream: Uint8Array, guest: GuestOfQemu): Promise<Receipt> {
  const folder = await mkdtemp(join(tmpdir(), "xbzrle-qemu-"));
  const endpoint = await listen(join(folder, "qmp.sock"));
  const qemu = start(folder, stream, guest.ramSize);
  const ended = endOf(qemu);
  const kill = () => qemu.kill("SIGKILL");
  process.once("exit", kill);
  const conversation = QmpSession.open(endpoint.connection);
  try {
    const accepted = conversation.then((session) => readRam(session, join(folder, "ram"), guest));
    return await Promise.race([ended.then(refusal), accepted]);
  } finally {
    kill();
    const { errorText } = await ended;
    conversation.then((session) => session.close(new CaptureError("qemu-ended", errorText))).catch(() => {});
    process.off("exit", kill);
    endpoint.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Starts QEMU, which reads the stream from its standard input once it is told to. */
function start(folder: string, stream: Uint8Array, ramSize: number): ChildProcess {
  const options = [
    ...["-no-user-config", "-nodefaults", "-display", "none"],
    ...["-object", `memory-backend-ram,id=${BLOCK},size=${ramSize}`],
    ...["-machine", `${MACHINE},accel=tcg,memory-backend=${BLOCK}`, "-m", `size=${ramSize / 1024}K`],
    ...["-qmp", `unix:${folder}/qmp.sock`, "-incoming", "defer", "-S"],
  ];
  const qemu = spawn(QEMU, options, {
    stdio: ["pipe", "ignore", "pipe"],
    timeout: LIFETIME_MS,
    killSignal: "SIGKILL",
  });
  // A QEMU that refuses a stream does not read it to its end: that is no error here.
  qemu.stdin.on("error", () => {});
  qemu.stdin.end(stream);
  return qemu;
}

/** Resolves when QEMU is gone and its last words have been read. */
function endOf(qemu: ChildProcess): Promise<End> {
  let errorText = "";
  qemu.stderr?.on("data", (text) => {
    errorText += text;
  });
  return new Promise((resolve) => {
    qemu.once("error", ({ message }) => resolve({ exitStatus: null, errorText: message }));
    qemu.once("close", (exitStatus) => resolve({ exitStatus, errorText }));
  });
}

function refusal({ exitStatus, errorText }: End): Receipt {
  if (exitStatus === 1 || errorText.includes(REFUSED)) return { kind: "refused", errorText };
  throw new CaptureError("qemu-ended", `${QEMU} ended with status ${exitStatus}: ${errorText.trim()}`);
}

async function readRam(
  session: QmpSession,
  path: string,
  { readBytes, capabilities = [] }: GuestOfQemu,
): Promise<Receipt> {
  await session.execute("migrate-set-capabilities", {
    capabilities: capabilities.map((capability) => ({ capability, state: true })),
  });
  await session.execute("migrate-incoming", { uri: "fd:0" });
  while (((await session.execute("query-migrate")) as { status?: string }).status !== "completed") await sleep(POLL_MS);
  await session.execute("pmemsave", { val: 0, size: readBytes, filename: path });
  return { kind: "accepted", ram: await readFile(path) };
}
