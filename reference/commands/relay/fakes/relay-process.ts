/** `xbzrle relay` as a process of its own, as an operator starts it. */

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { packageFolder } from "../../../../spec/package.ts";

const CLI = join(packageFolder, "dist/reference/cli.js");

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
  readonly #listening: Promise<void>;
  readonly #process: ChildProcess;

  private constructor(path: string, to: string) {
    this.uri = `unix:${path}`;
    const child = spawn(process.execPath, [CLI, "relay", "--listen", this.uri, "--to", to], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    // The socket is there before anybody listens, so its path tells nothing.
    this.#listening = new Promise((resolve) => {
      child.stderr.on("data", (piece) => {
        stderr += piece;
        if (stderr.includes("listening on ")) resolve();
      });
    });
    this.#process = child;
    this.ended = new Promise((resolve) => child.once("close", (status) => resolve({ status, stderr })));
  }

  /** Starts a relay whose socket is in a folder; resolves when it listens, rejects with its words if it ends instead. */
  static async start(folder: string, to: string): Promise<RelayProcess> {
    const relay = new RelayProcess(join(folder, "relay.sock"), to);
    const ended = relay.ended.then(({ stderr }) => Promise.reject(new Error(stderr)));
    ended.catch(() => {});
    await Promise.race([relay.#listening, ended]);
    return relay;
  }

  /** Kills it at once. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }
}
