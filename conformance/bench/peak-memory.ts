/** The peak of the memory of another process, as Linux counts it: VmHWM, which is gone when the process is. */

import { readFileSync } from "node:fs";

const POLL_MS = 20;

/** Watches a process. */
export class PeakMemory {
  /** The peak as of the last look. */
  byteCount = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Begins, by the number of the process, if there is one. */
  watch(processId: number | undefined): void {
    if (processId === undefined) return;
    this.#timer = setInterval(() => this.#look(processId), POLL_MS);
  }

  /** Looks no more. */
  end(): void {
    clearInterval(this.#timer);
  }

  #look(processId: number): void {
    try {
      const kibibytes = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1];
      this.byteCount = Math.max(this.byteCount, Number(kibibytes ?? 0) * 1024);
    } catch {
      // It has ended; that is not this module's matter.
      this.end();
    }
  }
}
