/**
 * The command of `exec:COMMAND`: a process of /bin/sh whose standard input or output is the channel.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { ChannelError } from "./error.ts";
import { channelFailure, type Side } from "./failure.ts";
import type { ExecUri } from "./uri.ts";

/** A command that runs. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** Resolves when it has ended with status 0, and rejects with a ChannelError if it has ended otherwise. */
  readonly ended: Promise<void>;
  /** Ends it, and what it has started. */
  readonly kill: () => void;
}

/**
 * Starts a command. What it says on standard error, and what it makes of the other standard stream, is for the user.
 *
 * @param uri - With the command.
 * @param side - The sender writes to the command, the receiver reads from it.
 * @param mayAnswer - Whether a sender reads from it too.
 */
export function startCommand(uri: ExecUri, side: Side, mayAnswer = false): RunningCommand {
  const child = spawn("/bin/sh", ["-c", uri.command], {
    // A process group of its own: what the shell has started is ended with it.
    detached: true,
    stdio: side === "sender" ? ["pipe", mayAnswer ? "pipe" : "inherit", "inherit"] : ["inherit", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(channelFailure(uri, side, error)));
    child.once("exit", (status, signal) => {
      if (status === 0) return resolve();
      reject(
        new ChannelError(`${uri.text}: the command has ended with ${signal ?? `status ${status}`}; see what it says`),
      );
    });
  });
  // Nobody may be waiting for it when it ends.
  ended.catch(() => {});
  return { child, ended, kill: () => killGroup(child) };
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended in this moment.
  }
}
