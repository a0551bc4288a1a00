/**
 * The C example's codec as a process that measures itself: see `peer.c`.
 */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { packageFolder } from "../../spec/package.ts";
import { adapterFile, compileC } from "../adapters/bundled.ts";
import { PAGE_COUNT, PAGE_SIZE } from "./workloads.ts";

/** What a command took, and the number of bytes of all deltas. */
export interface PeerAnswer {
  readonly ms: number;
  readonly deltaBytes: number;
}

/** The process; one command at a time. */
export class Peer {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  /** Compiles the program into a folder with `gcc -O2`, and starts it. */
  constructor(folder: string) {
    const sources = [join(packageFolder, "conformance/bench/peer.c"), adapterFile("c/codec.c")];
    const program = compileC(folder, "bench-peer", sources);
    this.#process = spawn(program, [`${PAGE_SIZE}`, `${PAGE_COUNT}`], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Hands the pages over. */
  async load(oldPages: Uint8Array, newPages: Uint8Array): Promise<void> {
    this.#process.stdin.write("load\n");
    for (const pages of [oldPages, newPages]) {
      if (!this.#process.stdin.write(pages)) await once(this.#process.stdin, "drain");
    }
    await this.#answer();
  }

  /** Has a command done. */
  async ask(command: string): Promise<PeerAnswer> {
    this.#process.stdin.write(`${command}\n`);
    return this.#answer();
  }

  /** Ends the process. */
  end(): void {
    this.#process.stdin.end();
  }

  async #answer(): Promise<PeerAnswer> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the C codec of the benchmark ended; run npm run bench again");
    const [ns, deltaBytes] = value.split(" ");
    return { ms: Number(ns) / 1e6, deltaBytes: Number(deltaBytes) };
  }
}
