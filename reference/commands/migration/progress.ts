/**
 * How far a migration has got: a bar on a terminal, and nothing elsewhere.
 */

import { Presets, SingleBar } from "cli-progress";
import type { Migration } from "../../migration/send.ts";
import { type OutputStream, printMessage } from "../streams.ts";

/** What a terminal shows: MiB are counted, so that the numbers can be read. */
const MIB = 1024 * 1024;

/** What all bars have. The program ends by itself on ^C. */
const BAR_OPTIONS = { barsize: 24, clearOnComplete: true, hideCursor: true, fps: 8, gracefulExit: false };

const SENDING = "round {round} {bar} {remaining} MiB remaining | {rate} MiB/s | {sent} MiB sent";
const RECEIVING = "{received} MiB received";

/** Shows how a sender goes through its rounds. */
export class SendingProgress {
  readonly #stderr: OutputStream;
  #bar: SingleBar | undefined;
  #round = 0;

  /** Shows it on this stream if that is a terminal. */
  constructor(stderr: OutputStream) {
    this.#stderr = stderr;
  }

  /** It has got so far. */
  readonly update = (migration: Migration): void => {
    if (!this.#stderr.isTTY) return;
    const { round, remainingPageCount, counters } = migration.sender;
    const remaining = Math.ceil(migration.remainingBytes / MIB);
    const rate = (migration.bytesPerSecond / MIB).toFixed(1);
    const shown = { round, remaining, rate, sent: Math.floor(counters.streamBytes / MIB) };
    this.#bar ??= new SingleBar({ ...BAR_OPTIONS, format: SENDING, stream: this.#stderr }, Presets.shades_classic);
    // A round has as many pages as were left at its begin.
    if (round !== this.#round) this.#bar.start(remainingPageCount, 0, shown);
    this.#round = round;
    this.#bar.update(this.#bar.getTotal() - remainingPageCount, shown);
  };

  /** Prints a message, and the bar anew below it. */
  readonly say = (message: string): void => {
    this.end();
    printMessage(this.#stderr, message);
  };

  /** Takes the bar away. */
  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#round = 0;
  }
}

/** Shows how much a receiver has got. */
export class ReceivingProgress {
  readonly #bar: SingleBar | undefined;
  /** How many bytes have come. */
  byteCount = 0;

  /** Shows it on this stream if that is a terminal. */
  constructor(stderr: OutputStream) {
    if (!stderr.isTTY) return;
    this.#bar = new SingleBar({ ...BAR_OPTIONS, format: RECEIVING, stream: stderr }, Presets.shades_classic);
    this.#bar.start(0, 0, { received: 0 });
  }

  /** So many bytes more have come. */
  readonly advance = (byteCount: number): void => {
    this.byteCount += byteCount;
    this.#bar?.update(0, { received: Math.floor(this.byteCount / MIB) });
  };

  /** Takes the bar away. */
  end(): void {
    this.#bar?.stop();
  }
}
