/**
 * What a relay tells of itself while it runs, in the form of `info migrate`: in a file that is written anew each second, or to whoever
 * connects to a socket.
 */

import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { PartFile } from "../../migration/part-file.ts";
import type { RelayedMigration } from "../../migration/relay.ts";
import { parseUri } from "../../migration/uri.ts";
import { infoMigrate } from "../../session/info-migrate.ts";
import type { MigrationStatus } from "../../session/status.ts";
import { outputFailure } from "../output.ts";
import { UsageError } from "../streams.ts";

/** How often a file is written. */
const PERIOD_MS = 1000;

/** The state of a migration, in the words of `query-migrate`. */
type State = MigrationStatus["status"];

/**
 * Gives what a relay tells of itself.
 *
 * @returns The lines of `info migrate` on the receiver's stream, and two on the sender's.
 */
export function relayText(migration: RelayedMigration, state: State): string {
  const { takenBytes, passingOn } = migration.relay;
  const passing = passingOn === undefined ? "no" : `from byte ${passingOn.streamOffset}, ${passingOn.reason}`;
  const lines = [`sender's stream: ${Math.floor(takenBytes / 1024)} kbytes`, `passing on: ${passing}`];
  return `${infoMigrate(migration.status(state))}${lines.map((line) => `${line}\n`).join("")}`;
}

/** Tells it to a file or a socket, if one is wanted. */
export class Statistics {
  readonly #migration: RelayedMigration;
  readonly #path: string | undefined;
  readonly #server: Server | undefined;
  readonly #onFailure: (message: string) => void;
  #hasFailed = false;
  #state: State = "setup";
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    migration: RelayedMigration,
    path: string | undefined,
    server: Server | undefined,
    onFailure: (message: string) => void,
  ) {
    this.#migration = migration;
    this.#path = path;
    this.#server = server;
    this.#onFailure = onFailure;
    server?.on("connection", (socket) => {
      // Whoever asks may go before it has the answer.
      socket.on("error", () => {});
      // And whoever stays does not keep the program.
      socket.end(relayText(migration, this.#state), () => socket.destroy());
    });
  }

  /**
   * Opens the place.
   *
   * @param place - A path, or `unix:PATH`; nothing is told if there is none.
   * @param onFailure - Is told once if nothing more can be written: a migration does not fail for that.
   * @throws UsageError if it cannot be had.
   */
  static async open(
    place: string | undefined,
    migration: RelayedMigration,
    onFailure: (message: string) => void,
  ): Promise<Statistics> {
    if (!place?.startsWith("unix:")) {
      const statistics = new Statistics(migration, place, undefined, onFailure);
      statistics.#write();
      return statistics;
    }
    const server = createServer();
    try {
      server.listen((parseUri(place) as { readonly path: string }).path);
      await once(server, "listening");
    } catch (error) {
      const reason = error instanceof RangeError ? error.message : socketFailure(error as NodeJS.ErrnoException);
      throw new UsageError(`--statistics ${place} ${reason}`);
    }
    return new Statistics(migration, undefined, server, onFailure);
  }

  /** The channels are open. */
  begin(): void {
    this.#state = "active";
    this.#writeOn();
    if (this.#path !== undefined) this.#timer = setInterval(() => this.#writeOn(), PERIOD_MS);
  }

  /** The migration has ended; the file stays, and the socket does not. */
  end(state: State): void {
    clearInterval(this.#timer);
    this.#state = state;
    this.#writeOn();
    this.#server?.close();
  }

  /** Writes the file for as long as that goes well. */
  #writeOn(): void {
    if (this.#hasFailed) return;
    try {
      this.#write();
    } catch (error) {
      this.#hasFailed = true;
      this.#onFailure(`${(error as Error).message}; the migration goes on`);
    }
  }

  /** Writes the file as a whole, so that nobody reads half of it. Throws a UsageError if it cannot be written. */
  #write(): void {
    if (this.#path === undefined) return;
    let file: PartFile | undefined;
    try {
      file = new PartFile(this.#path, true);
      writeFileSync(file.writtenPath, relayText(this.#migration, this.#state));
      file.complete();
    } catch (error) {
      file?.discard();
      throw new UsageError(`--statistics ${this.#path} ${outputFailure((error as NodeJS.ErrnoException).code)}`);
    }
  }
}

function socketFailure({ code }: NodeJS.ErrnoException): string {
  if (code === "EADDRINUSE") return "is there already; remove it if nobody listens there, or name another path";
  return `cannot be listened on (${code}); name another path`;
}
