/**
 * A client for QMP, QEMU's machine protocol: one JSON object a line over a unix socket, commands matched to answers
 * by their id, events by their name.
 *
 * Source: https://www.qemu.org/docs/master/interop/qmp-spec.html
 */

import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { CaptureError } from "./capture-error.ts";

/** How long an answer may take; saving the RAM of a guest, the slowest command, takes some 100 ms. */
const ANSWER_TIMEOUT_MS = 20_000;

interface Waiter {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Message {
  readonly id?: number;
  readonly event?: string;
  readonly timestamp?: { readonly seconds: number; readonly microseconds: number };
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
  readonly QMP?: {
    readonly version: {
      readonly qemu: { readonly major: number; readonly minor: number; readonly micro: number };
      readonly package: string;
    };
  };
}

/** A conversation with one QEMU. */
export class QmpSession {
  /** The version as QEMU states it, with the distribution's package in parentheses. */
  qemuVersion = "";
  readonly #socket: Socket;
  readonly #answers = new Map<number, Waiter>();
  readonly #events = new Map<string, Waiter[]>();
  #greeting: Waiter | undefined;
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on("line", (line) => this.#take(line));
    // A lost connection is a QEMU that ended: machine.ts learns why from the process, and closes the session.
    lines.on("error", () => {});
  }

  /**
   * Waits for QEMU to connect and to greet, and enters command mode.
   * Rejects with the error of the connection, or with `CaptureError` `qmp-timeout` or `qmp-refused`.
   */
  static async open(connection: Promise<Socket>): Promise<QmpSession> {
    const session = new QmpSession(await withTimeout(connection, "connection of QEMU"));
    const greeting = new Promise((resolve, reject) => {
      session.#greeting = { resolve, reject };
    });
    try {
      await withTimeout(greeting, "greeting");
      await session.execute("qmp_capabilities");
      return session;
    } catch (error) {
      session.#socket.destroy();
      throw error;
    }
  }

  /**
   * Executes a command and resolves to its `return`.
   * Rejects with `CaptureError`: `qmp-refused` for an error answer, `qmp-timeout`, or the error of `close`.
   */
  execute(command: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: parameters, id })}\n`);
    return withTimeout(answer, `answer to ${command}`).finally(() => this.#answers.delete(id));
  }

  /** Executes a command and resolves when it has returned and the event that it causes has come, in either order. */
  async executeUntil(command: string, eventName: string): Promise<void> {
    await Promise.all([withTimeout(this.#awaitEvent(eventName), `event ${eventName}`), this.execute(command)]);
  }

  /**
   * Waits for the next event of a name, however long it takes. Resolves to its time, in ms since 1970 as QEMU states it, and
   * rejects with the error of `close`; nothing happens if nobody looks.
   */
  nextEvent(eventName: string): Promise<number> {
    const time = this.#awaitEvent(eventName).then((message) => {
      const { seconds, microseconds } = (message as Message).timestamp!;
      return seconds * 1000 + microseconds / 1000;
    });
    time.catch(() => {});
    return time;
  }

  /** Ends the conversation; what is pending is rejected with the error. */
  close(error: Error): void {
    const waiters = [...this.#answers.values(), ...[...this.#events.values()].flat()];
    if (this.#greeting) waiters.push(this.#greeting);
    this.#answers.clear();
    this.#events.clear();
    for (const waiter of waiters) waiter.reject(error);
    this.#socket.destroy();
  }

  #awaitEvent(eventName: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#events.set(eventName, [...(this.#events.get(eventName) ?? []), { resolve, reject }]);
    });
  }

  #take(line: string): void {
    let message: Message;
    try {
      message = JSON.parse(line);
    } catch {
      this.close(new CaptureError("qmp-refused", `QEMU sent what is no JSON: ${line.slice(0, 80)}`));
      return;
    }
    if (message.QMP) {
      const { qemu, package: distribution } = message.QMP.version;
      this.qemuVersion = `${qemu.major}.${qemu.minor}.${qemu.micro} (${distribution})`;
      this.#greeting?.resolve(message.QMP);
      return;
    }
    if (message.event) {
      const waiters = this.#events.get(message.event) ?? [];
      this.#events.delete(message.event);
      for (const waiter of waiters) waiter.resolve(message);
      return;
    }
    const waiter = this.#answers.get(message.id ?? 0);
    if (message.error) waiter?.reject(new CaptureError("qmp-refused", message.error.desc));
    else waiter?.resolve(message.return);
  }
}

async function withTimeout<Answer>(answer: Promise<Answer>, awaited: string): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new CaptureError("qmp-timeout", `no ${awaited} within ${ANSWER_TIMEOUT_MS} ms`));
    }, ANSWER_TIMEOUT_MS);
    // QEMU and its connection keep the process alive; a timer must not, once they are gone.
    timer.unref();
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
