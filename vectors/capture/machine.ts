/**
 * One run of a guest under QEMU: started stopped, run from moment to moment, read while it is stopped, and ended.
 * Whatever happens, QEMU is killed by its process id and the temporary folder is removed.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { CaptureError } from "./capture-error.ts";
import { countDots, type Endpoint, listen } from "./endpoint.ts";
import { FOLDER, type Guest, type Moment, type Region } from "./guest.ts";
import { QmpSession } from "./qmp.ts";

/** The program that runs the guests, found along PATH. */
export const QEMU = "qemu-system-x86_64";
/** The command that installs it on Debian and its like. */
export const INSTALL_COMMAND = "apt-get install qemu-system-x86";

/** How often the dots are counted while the guest runs; a pass of the synthetic load takes 6 ms. */
const POLL_MS = 1;

/** The memory of a guest at one moment: the bytes of each of its regions, in the order of `Guest.regions`. */
export type Snapshot = readonly Uint8Array[];

/** The command of a guest as it is run and stored, `FOLDER` standing for the temporary folder. */
export function commandOf(guest: Guest): readonly string[] {
  return [
    QEMU,
    ...["-no-user-config", "-machine", "pc,accel=tcg", "-m", `size=${guest.memoryBytes / 1024}K`],
    // The guest's clock begins at the date of the proposal and stands still while the guest does.
    ...["-rtc", "base=2011-08-03,clock=vm", "-display", "none", "-monitor", "none", "-S"],
    // Not stdio for the serial port: QEMU prints warnings of its own there, and they have dots.
    ...["-serial", `unix:${FOLDER}/serial.sock`, "-qmp", `unix:${FOLDER}/qmp.sock`, ...guest.options],
  ];
}

/** A guest that has been started; it stands still except in `run`. */
export class Machine {
  /** Milliseconds of the host's clock that the guest has run. */
  ranMs = 0;
  readonly #guest: Guest;
  readonly #folder = mkdtempSync(join(tmpdir(), "xbzrle-capture-"));
  /** Rejects when QEMU ends, whatever the reason. */
  readonly #failure: Promise<never>;
  #fail: (error: CaptureError) => void = () => {};
  #ended: CaptureError | undefined;
  #process: ChildProcess | undefined;
  #dots: { readonly count: number } = { count: 0 };
  #qmp: QmpSession | undefined;

  private constructor(guest: Guest) {
    this.#guest = guest;
    process.once("exit", this.#reap);
    this.#failure = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failure.catch(() => {});
  }

  /**
   * Starts a guest, standing still at reset.
   * Rejects with `CaptureError`: `qemu-missing`, `qemu-ended`, `guest-late`, `qmp-timeout`, `qmp-refused`.
   */
  static async start(guest: Guest): Promise<Machine> {
    const machine = new Machine(guest);
    const endpoints: Endpoint[] = [];
    try {
      for (const [name, bytes] of Object.entries(guest.files)) await writeFile(join(machine.#folder, name), bytes);
      for (const name of ["serial.sock", "qmp.sock"]) endpoints.push(await listen(join(machine.#folder, name)));
      const [serial, control] = endpoints;
      machine.#spawn();
      const connected = Promise.all([serial!.connection, QmpSession.open(control!.connection)]);
      const [serialSocket, qmp] = await Promise.race([connected, machine.#failure]);
      machine.#dots = countDots(serialSocket);
      machine.#qmp = qmp;
      return machine;
    } catch (error) {
      await machine.end();
      throw error;
    } finally {
      for (const endpoint of endpoints) endpoint.close();
    }
  }

  /** The version that QEMU states. */
  get qemuVersion(): string {
    return this.#session().qemuVersion;
  }

  /** Dots that the guest has written to its serial port. */
  get dotCount(): number {
    return this.#dots.count;
  }

  /**
   * Runs the guest from the moment before to this one, and stops it.
   * Rejects with `CaptureError`: `guest-late` if the dots do not come, and those of `start`.
   */
  async run(moment: Moment): Promise<void> {
    const qmp = this.#session();
    await qmp.executeUntil("cont", "RESUME");
    const startedAtMs = performance.now();
    for (const key of moment.keys ?? []) {
      await qmp.execute("send-key", { keys: [{ type: "qcode", data: key }] });
    }
    if ("runMs" in moment) await sleep(moment.runMs);
    else await this.untilDotCount(moment.untilDotCount);
    await this.stop();
    this.ranMs += Math.round(performance.now() - startedAtMs);
  }

  /** Stops the guest, which runs, and counts the dots that it has written by then. Rejects as `run` does. */
  async stop(): Promise<void> {
    await this.#session().executeUntil("stop", "STOP");
    // What the guest wrote before it stopped may be read after QEMU's answer: let this turn of the event loop end.
    await nextTurn();
  }

  /** The number of the process that QEMU has started for `exec:`; `undefined` if there is none. */
  get childId(): number | undefined {
    const id = this.#process!.pid!;
    const [childId] = readFileSync(`/proc/${id}/task/${id}/children`, "utf8").split(" ");
    return childId ? Number(childId) : undefined;
  }

  /** Resolves, when QEMU has ended, to the reason in its words. */
  get ended(): Promise<CaptureError> {
    return this.#failure.catch((error: CaptureError) => error);
  }

  /** Waits for the next event of a name, as `QmpSession.nextEvent` does. */
  nextEvent(eventName: string): Promise<number> {
    return this.#session().nextEvent(eventName);
  }

  /** The folder that QEMU may write files to; it is removed by `end`. */
  get folder(): string {
    return this.#folder;
  }

  /**
   * Executes a command of QMP and resolves to its `return`.
   * Rejects with `CaptureError` as `QmpSession.execute`, and with those of `start`.
   */
  execute(command: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#session().execute(command, parameters);
  }

  /** Waits until the guest, which runs, has written so many dots since it was started. */
  async untilDotCount(dotCount: number): Promise<void> {
    while (this.dotCount < dotCount) {
      this.#session();
      await sleep(POLL_MS);
    }
  }

  /** The memory of the guest, which stands still; one array of bytes a region. */
  async snapshot(): Promise<Snapshot> {
    const snapshot: Uint8Array[] = [];
    for (const region of this.#guest.regions) snapshot.push(await this.read(region));
    return snapshot;
  }

  /** The bytes of a region; the guest stands still. */
  async read({ address, sizeBytes }: Region): Promise<Uint8Array> {
    const path = join(this.#folder, "memory");
    await this.#session().execute("pmemsave", { val: address, size: sizeBytes, filename: path });
    const bytes = await readFile(path);
    await rm(path);
    return bytes;
  }

  /** Kills QEMU, waits until it is gone, and removes the temporary folder; may be called twice. */
  async end(): Promise<void> {
    const qemu = this.#process;
    if (qemu?.pid !== undefined && qemu.exitCode === null && qemu.signalCode === null) {
      const gone = new Promise((resolve) => qemu.once("exit", resolve));
      qemu.kill("SIGKILL");
      await gone;
    }
    process.off("exit", this.#reap);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** The last resort, for process.exit() and uncaught errors; synchronous, as a listener of "exit" has to be. */
  readonly #reap = (): void => {
    this.#process?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  };

  /** Starts QEMU; its end, for whatever reason, ends everything that is pending. */
  #spawn(): void {
    const [program, ...options] = commandOf(this.#guest).map((part) => part.replaceAll(FOLDER, this.#folder));
    const qemu = spawn(program!, options, { stdio: ["ignore", "ignore", "pipe"] });
    this.#process = qemu;
    let errorText = "";
    qemu.stderr.on("data", (text) => {
      errorText = `${errorText}${text}`.slice(-2000);
    });

    const end = (error: CaptureError) => {
      clearTimeout(lifetime);
      this.#ended ??= error;
      this.#fail(this.#ended);
      this.#qmp?.close(this.#ended);
    };
    const { name, lifetimeMs } = this.#guest;
    const lifetime = setTimeout(() => {
      end(new CaptureError("guest-late", `${name} took more than ${lifetimeMs} ms`));
      qemu.kill("SIGKILL");
    }, lifetimeMs);
    qemu.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") end(new CaptureError("qemu-missing", `no ${QEMU}; install it: ${INSTALL_COMMAND}`));
      else end(new CaptureError("qemu-ended", error.message));
    });
    // "close" and not "exit": by then QEMU's last words have been read.
    qemu.once("close", (exitStatus, signal) => {
      const lastWords = errorText.trim().split("\n").at(-1) ?? "";
      end(new CaptureError("qemu-ended", `${QEMU} ended with ${signal ?? `status ${exitStatus}`}: ${lastWords}`));
    });
  }

  #session(): QmpSession {
    if (this.#ended) throw this.#ended;
    if (!this.#qmp) throw new TypeError("a machine is started with Machine.start");
    return this.#qmp;
  }
}
