/**
 * How far a long file has been read: a bar on a terminal, and nothing elsewhere.
 */

import { Presets, SingleBar } from "cli-progress";
import type { OutputStream } from "../streams.ts";

/** What a terminal shows: MiB are counted, so that the numbers can be read. */
const MIB = 1024 * 1024;

/** Shows how many bytes of a file have been read. */
export class ByteProgress {
  readonly #bar: SingleBar | undefined;
  #byteCount = 0;

  /** Shows it on this stream if that is a terminal and the size of the file in bytes is known. */
  constructor(stderr: OutputStream, fileSize: number | undefined) {
    if (!stderr.isTTY || fileSize === undefined) return;
    const format = "{bar} {percentage}% | {value}/{total} MiB | {eta} s left";
    this.#bar = new SingleBar(
      // The program ends by itself on ^C.
      { format, stream: stderr, barsize: 24, clearOnComplete: true, hideCursor: true, fps: 8, gracefulExit: false },
      Presets.shades_classic,
    );
    this.#bar.start(Math.ceil(fileSize / MIB), 0);
  }

  /** So many bytes more have been read. */
  advance(byteCount: number): void {
    this.#byteCount += byteCount;
    this.#bar?.update(Math.floor(this.#byteCount / MIB));
  }

  /** Takes the bar away. */
  end(): void {
    this.#bar?.stop();
  }
}
