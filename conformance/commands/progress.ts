/**
 * How a run gets on, on standard error: a bar on a terminal, a line for each section elsewhere.
 */

import { Presets, SingleBar } from "cli-progress";
import type { OutputStream } from "../../reference/commands/streams.ts";
import { isFailure } from "../harness/case.ts";
import type { CaseNote, RunProgress } from "../run.ts";

/** Shows the progress of one run. */
export class Progress implements RunProgress {
  readonly #stderr: OutputStream;
  readonly #note: (note: CaseNote) => void;
  readonly #bar: SingleBar | undefined;
  #section = "";
  #count = 0;
  #failed = 0;

  /** Shows it on this stream, and tells `note` of each result. */
  constructor(stderr: OutputStream, note: (note: CaseNote) => void) {
    this.#stderr = stderr;
    this.#note = note;
    if (!stderr.isTTY) return;
    const format = "{bar} {percentage}% | {value}/{total} | {failed} failed | {section}";
    this.#bar = new SingleBar(
      { format, stream: stderr, barsize: 24, clearOnComplete: true, hideCursor: true, fps: 8 },
      Presets.shades_classic,
    );
  }

  begin(caseCount: number): void {
    this.#bar?.start(caseCount, 0, { section: "", failed: 0 });
  }

  result(note: CaseNote): void {
    this.#note(note);
    const { section, verdict } = note;
    if (section !== this.#section) this.#endSection();
    this.#section = section;
    this.#count++;
    if (isFailure(verdict, "required")) this.#failed++;
    this.#bar?.increment(1, { section, failed: this.#failed });
  }

  step(what: string): void {
    this.#endSection();
    this.#section = "";
    if (this.#bar) this.#bar.update({ section: what });
    else this.#stderr.write(`${what}\n`);
  }

  /** Takes the bar away. */
  end(): void {
    this.#endSection();
    this.#section = "";
    this.#bar?.stop();
  }

  #endSection(): void {
    if (this.#section !== "" && !this.#bar) {
      this.#stderr.write(`${this.#section}: ${this.#count} asked, ${this.#failed} failed so far\n`);
    }
    this.#count = 0;
  }
}
