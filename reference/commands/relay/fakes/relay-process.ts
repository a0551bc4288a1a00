/** `xbzrle relay` as a process of its own, as an operator starts it. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageFolder } from "../../../../spec/package.ts";

const CLI = join(packageFolder, "dist/reference/cli.js");
const POLL_MS = 10;

/** How a relay has ended. */
export interface RelayEnd {
  readonly status: number | null;
  readonly stderr: string;
}

/** A relay that listens on a unix socket. */
export class RelayProcess {
  /** Where a source migrates to. */
  readonly uri: string;
  readonly ended: Promise<RelayEnd>;
  readonly #process: ChildProcess;

  private constructor(path: string, to: string) {
    this.uri = `unix:${path}`;
    const child = spawn(process.execPath, [CLI, "relay", "--listen", this.uri, "--to", to], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    this.#process = child;
    this.ended = new Promise((resolve) => child.once("close", (status) => resolve({ status, stderr })));
  }

  /** Starts a relay whose socket is in a folder; resolves when it listens, rejects with its words if it ends instead. */
  static async start(folder: string, to: string): Promise<RelayProcess> {
    const path = join(folder, "relay.sock");
    const relay = new RelayProcess(path, to);
    while (!existsSync(path)) {
      if (relay.#process.exitCode !== null) throw new Error((await relay.ended).stderr);
      await sleep(POLL_MS);
    }
    return relay;
  }

  /** Kills it at once. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }
}
