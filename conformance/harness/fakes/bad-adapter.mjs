/**
 * Program: an adapter that answers well but for one thing. For the tests of the harness.
 *
 *     node bad-adapter.mjs <folder> <mode> [<id>]
 *
 * It misbehaves at the request of that id, or at each; a mode may also be about the greeting, or the end of the input. Each process
 * that comes of it leaves a file in the folder that is named by its process id.
 *
 * It decodes any well-formed delta. The one that it writes is a page that is new from beginning to end: `00`, its size, and the page.
 */

import { spawn } from "node:child_process";
import { closeSync, readdirSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [folder = ".", mode = "good", culpritId] = process.argv.slice(2);
const HELLO = "hello 1 bad 1.0 encode decode\n";
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

writeFileSync(join(folder, String(process.pid)), mode);

/** @param {string | Uint8Array} content text in Latin-1, or bytes */
function write(content, descriptor = STDOUT) {
  let rest = Buffer.from(/** @type {string} */ (content), "latin1");
  while (rest.length !== 0) rest = rest.subarray(writeSync(descriptor, rest));
}

/** What is done once, in place of the greeting. @type {Readonly<Record<string, () => void | Promise<void>>>} */
const GREETINGS = {
  "hello-after-text": () => write(`Copyright\n${HELLO}`),
  "hello-before-text": () => write(`${HELLO}ready\n`),
  "hello-twice": () => write(HELLO + HELLO),
  "hello-version-2": () => write("hello 2 bad 1.0 encode decode\n"),
  "hello-unknown-operation": () => write("hello 1 bad 1.0 encode squash\n"),
  "hello-nameless": () => write("hello 1\n"),
  "hello-control": () => write("hello 1 \x1b[31mbad 1.0 encode decode\n"),
  "hello-crlf": () => write(HELLO.replace("\n", "\r\n")),
  "hello-half": () => write(HELLO.trimEnd()),
  "hello-silent": () => {},
  "hello-no-flush": () => void kept.push(HELLO),
  "hello-once": () => {
    if (isFirstProcess()) return write(HELLO);
    write("the licence is in use\n", STDERR);
    process.exit(5);
  },
  "hello-once-then-silent": () => {
    if (isFirstProcess()) write(HELLO);
  },
  "hello-exit": () => {
    write("cannot find the codec\n", STDERR);
    process.exit(5);
  },
  "hello-slow": async () => {
    await sleep(600);
    write(HELLO);
  },
};

/**
 * What is written in place of an answer.
 *
 * @type {Readonly<Record<string, (id: string, answer: string) => string | Uint8Array>>}
 */
const LINES = {
  text: (id, answer) => `decoding ${answer.length} bytes\n${id} ${answer}\n`,
  "text-after": (id, answer) => {
    // By then the answers before have been read, and the window is full again.
    standStill(100);
    return `${id} ${answer}\ndecoded\n`;
  },
  "empty-line": (id, answer) => `\n${id} ${answer}\n`,
  "hello-again": (id, answer) => `${HELLO}${id} ${answer}\n`,
  twice: (id, answer) => `${id} ${answer}\n${id} ${answer}\n`,
  "unknown-id": (_, answer) => `nobody ${answer}\n`,
  "id-and-more": (id, answer) => `${id}x ${answer}\n`,
  "id-alone": (id) => `${id}\n`,
  "two-spaces": (id, answer) => `${id}  ${answer}\n`,
  "space-at-end": (id, answer) => `${id} ${answer} \n`,
  "odd-digits": (id, answer) => `${id} ${answer.slice(0, -1)}\n`,
  "no-digit": (id, answer) => `${id} ${answer.slice(0, -1)}g\n`,
  "no-bytes": (id, answer) => `${id} ${answer.split(" ")[0]}\n`,
  "empty-bytes": (id, answer) => `${id} ${answer.split(" ")[0]} -\n`,
  "wrong-size": (id, answer) => `${id} ${answer}00\n`,
  "wrong-bytes": (id, answer) => `${id} ${answer.slice(0, -2)}99\n`,
  "other-kind": (id, answer) => `${id} ${answer.startsWith("page") ? "unchanged" : "malformed"}\n`,
  "unknown-kind": (id) => `${id} success\n`,
  "said-more": (id) => `${id} unchanged and more\n`,
  nul: (id, answer) => `${id}\0 ${answer}\n`,
  "no-utf-8": (id, answer) => `\xff\xfe${id} ${answer}\n`,
  error: (id) => `${id} error \x1b[31massertion\0 failed\x1b[0m in ${"x".repeat(2000)}\n`,
  "upper-case": (id, answer) => `${id} ${answer.replace(/ .*/, (bytes) => bytes.toUpperCase())}\n`,
  crlf: (id, answer) => `${id} ${answer}\r\n`,
  "stderr-megabytes": (id, answer) => {
    write("what nobody wants to know\n".repeat(200_000), STDERR);
    write("\x1b[1mthe end\x1b[0m of it\0\n", STDERR);
    return `${id} ${answer}\n`;
  },
};

/** Never returns: the process does not even read. Its file says so. */
function hang() {
  writeFileSync(join(folder, String(process.pid)), "hangs");
  standStill(Number.POSITIVE_INFINITY);
}

/** @param {number} durationMs */
function standStill(durationMs) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

/** @param {NodeJS.Signals} signal */
function endBySignal(signal) {
  process.kill(process.pid, signal);
  hang();
}

/** Starts a process that has this one's standard output. @param {string} script for the shell */
function startGrandchild(script) {
  const { pid } = spawn("sh", ["-c", script], { stdio: ["ignore", "inherit", "ignore"] });
  writeFileSync(join(folder, String(pid)), "grandchild");
}

/** True if the folder knows of no process before this one. */
function isFirstProcess() {
  return readdirSync(folder).length === 1;
}

/** What is done in place of an answer. @type {Readonly<Record<string, (id: string, answer: string) => void>>} */
const DEEDS = {
  "exit-0": () => process.exit(0),
  "hello-once": () => process.exit(1),
  "hello-once-then-silent": () => process.exit(1),
  "exit-3": () => {
    write("\x1b[31mcodec.c:17: Assertion `size' failed\x1b[0m\r\n", STDERR);
    process.exit(3);
  },
  segfault: () => endBySignal("SIGSEGV"),
  "answer-and-exit": (id, answer) => {
    write(`${id} ${answer}\n`);
    process.exit(1);
  },
  "grandchild-answers": (id, answer) => {
    startGrandchild(`sleep 0.2; echo ${id} ${answer}`);
    process.exit(1);
  },
  "half-line-and-exit": (id, answer) => {
    write(`${id} ${answer.slice(0, 8)}`);
    process.exit(0);
  },
  hang,
  "half-line-and-hang": (id, answer) => {
    write(`${id} ${answer.slice(0, 8)}`);
    hang();
  },
  "no-answer": () => {},
  "close-stdout": () => {
    closeSync(STDOUT);
    hang();
  },
  "close-stdin": () => {
    closeSync(STDIN);
    hang();
  },
  "ignore-sigterm": () => {
    process.on("SIGTERM", () => {});
    hang();
  },
  gigabyte: () => {
    const block = new Uint8Array(1 << 20).fill(0x61);
    for (let count = 0; count < 1024; count++) write(block);
  },
  "grandchild-and-exit": () => {
    startGrandchild("exec sleep 60");
    process.exit(4);
  },
  "deaf-grandchild-and-exit": () => {
    startGrandchild("trap '' TERM; exec sleep 60");
    process.exit(4);
  },
  "second-answer-with-next": (id, answer) => {
    write(`${id} ${answer}\n`);
    kept.push(`${id} ${answer}\n`);
  },
  "second-answer-later": (id, answer) => {
    write(`${id} ${answer}\n`);
    setTimeout(() => write(`${id} ${answer}\n`), 60);
  },
};

/** What is done at the end of the input. @type {Readonly<Record<string, () => void>>} */
const ENDINGS = {
  "end-exit-3": () => process.exit(3),
  "end-half-line": () => write("goodbye"),
  "end-text": () => write("all requests answered\n"),
  "end-runs-on": () => setInterval(() => {}, 1000),
  "end-twice": () => write(`${last}\n`),
  "end-close-stdout": () => {
    closeSync(STDOUT);
    setTimeout(() => {}, 700);
  },
  "hello-no-flush": () => write(kept.join("")),
  "no-flush": () => write(kept.join("")),
};

/** How every answer is given. @type {Readonly<Record<string, (line: string) => void>>} */
const MANNERS = {
  "second-answer-with-next": (line) => write(line + kept.splice(0).join("")),
  "no-flush": (line) => kept.push(line),
  slow: (line) => {
    waiting = waiting.then(() => sleep(50)).then(() => write(line));
  },
  backwards: (line) => {
    kept.unshift(line);
    setTimeout(() => write(kept.splice(0).join("")), 10);
  },
  "not-two-at-once": (line) => {
    kept.push(line);
    if (kept.length === 2) endBySignal("SIGABRT");
    setTimeout(() => write(kept.splice(0).join("")), 5);
  },
  "first-is-overtaken": (line) => {
    kept.push(line);
    if (kept.length !== 1) write(kept.pop() ?? "");
  },
};

/** Answers that have not been written. @type {string[]} */
const kept = [];
let waiting = Promise.resolve();
let last = "";

/** The answer without the id. @param {string[]} fields */
function answerTo([operation, ...fields]) {
  if (operation === "decode") return `page ${decode(String(fields[0]), String(fields[1]))}`;
  const newPage = String(fields[2]);
  return `delta 00${(newPage.length / 2).toString(16).padStart(2, "0")}${newPage}`;
}

/** The page that a well-formed delta gives. @param {string} oldPage @param {string} hex */
function decode(oldPage, hex) {
  const page = Buffer.from(oldPage, "hex");
  const delta = Buffer.from(hex, "hex");
  let deltaOffset = 0;
  const length = () => {
    const low = delta[deltaOffset++] ?? 0;
    return low < 0x80 ? low : (low & 0x7f) | ((delta[deltaOffset++] ?? 0) << 7);
  };
  for (let pageOffset = 0; deltaOffset < delta.length; ) {
    pageOffset += length();
    const count = length();
    page.set(delta.subarray(deltaOffset, deltaOffset + count), pageOffset);
    deltaOffset += count;
    pageOffset += count;
  }
  return page.toString("hex");
}

/** @param {string} line */
function take(line) {
  if (line === "hello 1") return (GREETINGS[mode] ?? (() => write(HELLO)))();
  const [id = "", ...fields] = line.split(" ");
  const answer = answerTo(fields);
  // The requests of one case are asked of one process, from the first.
  const [, name, number] = /^(.*):b(\d+)$/.exec(id) ?? [];
  if (1 < Number(number) && !last.startsWith(`${name}:b${Number(number) - 1} `)) process.exit(99);
  last = `${id} ${answer}`;
  const isCulprit = culpritId === undefined || culpritId === id;
  if (isCulprit && DEEDS[mode]) return DEEDS[mode](id, answer);
  if (isCulprit && LINES[mode]) return write(LINES[mode](id, answer));
  return (MANNERS[mode] ?? write)(`${last}\n`);
}

let partial = "";
process.stdin.setEncoding("latin1");
process.stdin.on("data", (/** @type {string} */ chunk) => {
  const lines = (partial + chunk).split("\n");
  partial = lines.pop() ?? "";
  for (const line of lines) take(line);
});
process.stdin.on("end", () => void waiting.then(() => ENDINGS[mode]?.()));
