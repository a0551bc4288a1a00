/**
 * `xbzrle monitor`: a prompt over a simulated guest, in the words of QEMU's monitor and of the proposal of 2011; or the same from a pipe.
 */

import { createInterface, type Interface } from "node:readline";
import { migrationFailure } from "../migration/failure.ts";
import { type GuestOptions, makeGuest } from "../migration/guest.ts";
import { EXIT_STATUS, type ExitStatus, printMessage, printPiece, type StandardStreams } from "../streams.ts";
import { complete, MonitorError, QUIT, runLine } from "./commands.ts";
import { Operator } from "./operator.ts";

const PROMPT = "(xbzrle) ";

/** What a command of the monitor works with. */
export interface MonitorTask {
  readonly streams: StandardStreams;
  /** Ends the monitor, and the migration that runs. */
  readonly signal: AbortSignal;
}

/**
 * Does what the lines of standard input say, until it ends or says `quit`; at its end a migration that runs is waited for.
 *
 * @param task - Where the lines come from.
 * @param options - Which guest.
 * @returns `done`; `refused` if a line was refused, or the last migration has failed.
 * @throws UsageError for a guest that is none; InterruptedError.
 */
export async function monitorCommand({ streams, signal }: MonitorTask, options: GuestOptions): Promise<ExitStatus> {
  const { stdin, stdout, stderr } = streams;
  const isTerminal = "isTTY" in stdin && stdin.isTTY === true && stdout.isTTY === true;
  const lines = createInterface({
    input: stdin,
    ...(isTerminal && { output: stdout, completer: complete }),
    terminal: isTerminal,
    prompt: PROMPT,
  });
  const operator = new Operator(makeGuestOf(options), (message) => {
    if (isTerminal) stdout.write("\n");
    void printMessage(stderr, message).then(() => isTerminal && lines.prompt(true));
  });
  const conversation = new Conversation(lines, operator, streams, isTerminal);
  const interrupt = () => {
    lines.close();
    void operator.cancel();
  };
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    const areSound = await conversation.run();
    signal.throwIfAborted();
    await operator.idle();
    return areSound && !operator.hasFailed ? EXIT_STATUS.done : EXIT_STATUS.refused;
  } finally {
    signal.removeEventListener("abort", interrupt);
    lines.close();
    await operator.cancel();
  }
}

/** The lines, and what is done about them. */
class Conversation {
  readonly #lines: Interface;
  readonly #operator: Operator;
  readonly #streams: StandardStreams;
  readonly #isTerminal: boolean;
  /** Whether a command is being waited for. */
  #isWaiting = false;

  constructor(lines: Interface, operator: Operator, streams: StandardStreams, isTerminal: boolean) {
    this.#lines = lines;
    this.#operator = operator;
    this.#streams = streams;
    this.#isTerminal = isTerminal;
    // At a prompt ^C is a key.
    lines.on("SIGINT", () => (this.#isWaiting ? void operator.cancel() : lines.close()));
  }

  /** Goes through the lines. Gives whether all of a pipe were understood. */
  async run(): Promise<boolean> {
    let areSound = true;
    this.#prompt();
    for await (const line of this.#lines) {
      this.#isWaiting = true;
      const isUnderstood = await this.#do(line);
      this.#isWaiting = false;
      areSound &&= isUnderstood || this.#isTerminal;
      if (line.trim() === QUIT) return areSound;
      this.#prompt();
    }
    // ^D has no line end.
    if (this.#isTerminal) await printPiece(this.#streams.stdout, "\n");
    return areSound;
  }

  async #do(line: string): Promise<boolean> {
    try {
      await printPiece(this.#streams.stdout, await runLine(this.#operator, line));
      return true;
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error;
      await printMessage(this.#streams.stderr, error.message);
      return false;
    }
  }

  #prompt(): void {
    if (this.#isTerminal) this.#lines.prompt();
  }
}

function makeGuestOf(options: GuestOptions): ReturnType<typeof makeGuest> {
  try {
    return makeGuest(options);
  } catch (error) {
    throw migrationFailure(error);
  }
}
