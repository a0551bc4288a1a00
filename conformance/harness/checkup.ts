/**
 * Tests an adapter itself, and not the codec behind it: each check talks to a fresh process line by line, and says what to change.
 */

import { notStartedDetail } from "../adapter/fault.ts";
import { AdapterProcess, type Exit } from "../adapter/process.ts";
import { HELLO_LINE, parseAnswer, parseHello, quote, RAM_PAGE_BYTES } from "../protocol.ts";

/** One check, and what it has found: nothing if all is well. */
export interface Checkup {
  /** What the adapter should do. */
  readonly what: string;
  /** What it does instead, and what to change. */
  readonly finding: string | undefined;
}

/** Runs the checks, one after the other, and gives each result as it comes; without a hello the others are not tried. */
export async function* checkAdapter(command: readonly string[], timeoutMs: number): AsyncGenerator<Checkup> {
  for (const { what, check } of CHECKS) {
    const finding = await findingOf(new Talk(command, timeoutMs), check);
    yield { what, finding };
    if (finding !== undefined && check === CHECKS[0]?.check) return;
  }
}

async function findingOf(talk: Talk, check: Check["check"]): Promise<string | undefined> {
  try {
    return await check(talk, await talk.shakeHands());
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    return error.message;
  } finally {
    await talk.kill();
  }
}

/** An adapter does not do what a check wants. */
class Finding extends Error {}

interface Check {
  readonly what: string;
  /** Gives a finding, or throws it. */
  readonly check: (talk: Talk, operation: string) => Promise<string | undefined>;
}

/** How long a program may take to start, however quick its answers are to be, in milliseconds. */
const LEAST_START_MS = 2000;
/** The greatest page that the harness asks with. */
const MAX_PAGE_BYTES = 65536;

/** So many lines are read at most where 64 are to come. */
const MOST_ANSWERS = 256;

const ONLY_ANSWERS = "write nothing but answers to standard output, and messages to standard error";

const CHECKS: readonly Check[] = [
  {
    what: "says hello with name, version and operations",
    check: async () => undefined,
  },
  {
    what: "writes nothing but answers",
    async check(talk, operation) {
      await talk.ask("a", fields(operation, 8));
      const stray = await talk.strayLine();
      return stray === undefined ? undefined : `it writes ${quote(stray)} unasked: ${ONLY_ANSWERS}`;
    },
  },
  {
    what: "flushes after every answer",
    async check(talk, operation) {
      for (const id of ["a", "b", "c"]) await talk.ask(id, fields(operation, 8));
      return undefined;
    },
  },
  {
    what: "echoes ids of up to 64 characters of A-Z a-z 0-9 . _ : / -",
    async check(talk, operation) {
      await talk.ask("AZaz09._:/-".padEnd(64, "x"), fields(operation, 8));
      return undefined;
    },
  },
  {
    what: "answers each of many requests that arrive at once exactly once",
    async check(talk, operation) {
      const ids = Array.from({ length: 64 }, (_, index) => `r${index}`);
      talk.send(ids.map((id) => `${id} ${fields(operation, 64)}\n`).join(""));
      const answered: string[] = [];
      const missing = () => ids.find((id) => !answered.includes(id));
      for (const _ of ids) answered.push(idOf(await talk.line("an answer to each of 64 requests")));
      // Where one was answered twice, the answer to another is still to come.
      while (answered.length < MOST_ANSWERS) {
        const line = missing() === undefined ? await talk.strayLine() : await talk.lateLine();
        if (line === undefined) break;
        answered.push(idOf(line));
      }
      const twice = ids.find((id) => answered.indexOf(id) !== answered.lastIndexOf(id));
      const found = [
        ...(missing() === undefined ? [] : [`does not answer ${missing()}`]),
        ...(twice === undefined ? [] : [`answers ${twice} more than once`]),
      ].join(" and ");
      return found === "" ? undefined : `of 64 requests it ${found}: answer every line once, with its own id`;
    },
  },
  {
    what: `reads lines as long as two pages of ${MAX_PAGE_BYTES} bytes`,
    async check(talk, operation) {
      await talk.ask("a", fields(operation, MAX_PAGE_BYTES));
      return undefined;
    },
  },
  {
    what: "accepts lines that end with CRLF",
    async check(talk, operation) {
      const plain = await talk.ask("a", fields(operation, 8));
      const withCr = await talk.ask("a", `${fields(operation, 8)}\r`);
      if (plain === withCr) return undefined;
      return `it answers ${quote(withCr)} after CRLF and ${quote(plain)} after LF: drop a CR at the end of a line`;
    },
  },
  {
    what: "accepts hexadecimal in either case",
    async check(talk, operation) {
      const lower = await talk.ask("a", fields(operation, 8));
      const [word, ...rest] = fields(operation, 8).split(" ");
      // The letters of a step, r and w, are no digits.
      const upper = await talk.ask("a", [word, ...rest.map(upperDigits)].join(" "));
      if (lower.toLowerCase() === upper.toLowerCase()) return undefined;
      return `it answers ${quote(upper)} to upper-case digits and ${quote(lower)} to lower-case ones: accept both`;
    },
  },
  {
    what: "answers unsupported to an operation that it does not know",
    async check(talk) {
      const line = await talk.ask("a", "no-such-operation 1 00");
      const parsed = parseAnswer(line);
      const isRight = parsed.kind === "answer" && parsed.answer.kind === "unsupported";
      return isRight
        ? undefined
        : `it answers ${quote(line)}: answer "ID unsupported", so that later versions can ask more`;
    },
  },
  {
    what: "answers what is open at the end of input, and exits with status 0",
    async check(talk, operation) {
      talk.send(Array.from({ length: 8 }, (_, index) => `r${index} ${fields(operation, 8)}\n`).join(""));
      talk.endInput();
      for (let index = 0; index < 8; index++) await talk.line("the answers that were open at the end of input");
      const exit = await talk.end();
      if (exit?.status === 0) return undefined;
      const how = exit ? `ends with ${exit.signal ?? `exit status ${exit.status}`}` : "runs on";
      return `it ${how} after the end of input: leave the loop at the end of input, and exit with status 0`;
    },
  },
];

/** A stream of docs/xbzrle/stream.md without a page, for a RAM of 4096 bytes, up to the length of its description. */
const STREAM = [
  "5145564d00000003" + "07000000046e6f6e65",
  "0100000002" + "0372616d" + "0000000000000004",
  "0000000000001004" + "0372616d0000000000001000" + "0000000000000010" + "7e00000002",
  "0006",
].join("");

/** A field with its hexadecimal digits in upper case. */
function upperDigits(field: string): string {
  return field.replace(/[a-f]/g, (digit) => digit.toUpperCase());
}

/**
 * A request's fields for pages of a size: equal pages, a delta of one literal, a stream with a description of that size, or a guest that
 * writes so many bytes.
 */
function fields(operation: string, pageSize: number): string {
  const length = pageSize.toString(16).padStart(8, "0");
  if (operation === "receive") return `receive 4096 ${STREAM}${length}7b${"20".repeat(pageSize - 2)}7d`;
  const page = "ab".repeat(pageSize);
  if (operation === "send") return `send ${Math.max(pageSize, RAM_PAGE_BYTES)} ${RAM_PAGE_BYTES} w:0:${page} r`;
  return operation === "encode" ? `encode ${pageSize} ${page} ${page}` : `decode ${page} 0001cd`;
}

function idOf(line: string): string {
  return line.split(" ", 1)[0]!;
}

/** One process, and its lines one by one. */
class Talk {
  readonly #process: AdapterProcess;
  readonly #timeoutMs: number;
  readonly #lines: string[] = [];
  #ended: { exit: Exit; rest: string } | undefined;
  #broken: string | undefined;
  #wake: () => void = () => {};

  constructor(command: readonly string[], timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    const broken = (what: string) => {
      this.#broken = what;
      this.#wake();
    };
    this.#process = new AdapterProcess(command, {
      lines: (lines) => {
        this.#lines.push(...lines);
        this.#wake();
      },
      overlong: (start) =>
        broken(`it writes a line without an end that begins with ${quote(start)}: end every answer with LF`),
      outputClosed: () => broken("it closes its standard output: keep it open until the end of input"),
      ended: (exit, rest) => {
        this.#ended = { exit, rest };
        this.#wake();
      },
      notStarted: (error) => broken(notStartedDetail(command[0]!, error)),
    });
  }

  /** Says hello, and gives an operation that can be asked. */
  async shakeHands(): Promise<string> {
    this.send(HELLO_LINE);
    const line = await this.line("an answer to hello", Math.max(this.#timeoutMs, LEAST_START_MS));
    const hello = parseHello(line);
    if (typeof hello === "string") throw new Finding(`it answers hello with ${quote(line)}: ${hello}`);
    const [operation] = hello.operations;
    if (operation === undefined)
      throw new Finding("it offers none of encode, decode, receive and send: list what it can do after its version");
    return operation;
  }

  send(text: string): void {
    this.#process.write(text);
  }

  endInput(): void {
    this.#process.endInput();
  }

  /** Asks, and gives the line that answers. */
  async ask(id: string, request: string): Promise<string> {
    this.send(`${id} ${request}\n`);
    const line = await this.line(`an answer to ${quote(`${id} ${request}`, 40)}`);
    if (idOf(line) !== id) throw new Finding(`it answers ${quote(line)} to the request ${quote(id)}: ${ONLY_ANSWERS}`);
    return line;
  }

  /** The next line; a Finding says why there is none. */
  async line(wanted: string, timeoutMs = this.#timeoutMs): Promise<string> {
    const line = await this.#next(timeoutMs);
    if (line !== undefined) return line;
    if (this.#broken) throw new Finding(this.#broken);
    if (this.#ended) {
      const { exit, rest } = this.#ended;
      const half = rest === "" ? "" : `, after half a line ${quote(rest)}: end every answer with LF`;
      throw new Finding(`it ends with ${exit.signal ?? `exit status ${exit.status}`} before ${wanted}${half}`);
    }
    this.endInput();
    const late = await this.#next(500);
    const advice = late === undefined ? "" : ", and then writes it when its input ends: flush after every answer";
    throw new Finding(`it does not write ${wanted} in ${timeoutMs / 1000} s${advice}`);
  }

  /** A line that comes unasked within a moment. */
  async strayLine(): Promise<string | undefined> {
    return this.#next(200);
  }

  /** The next line, if one comes in the time of an answer. */
  async lateLine(): Promise<string | undefined> {
    return this.#next(this.#timeoutMs);
  }

  /** How the process ends; nothing if it runs on. */
  async end(): Promise<Exit | undefined> {
    await this.#process.waitForEnd(this.#timeoutMs);
    return this.#ended?.exit;
  }

  async kill(): Promise<void> {
    await this.#process.kill();
  }

  async #next(timeoutMs: number): Promise<string | undefined> {
    const until = Date.now() + timeoutMs;
    while (this.#lines.length === 0 && !this.#ended && !this.#broken && Date.now() < until) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, until - Date.now());
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#lines.shift();
  }
}
