import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listen } from "./endpoint.ts";
import { QmpSession } from "./qmp.ts";

const GREETING = { QMP: { version: { qemu: { major: 7, minor: 2, micro: 22 }, package: "Debian" }, capabilities: [] } };

interface Command {
  readonly execute: string;
  readonly id: number;
}

let folder: string;
let qemu: Socket;
let session: QmpSession;
/** What the played QEMU does with a command; the capabilities are negotiated already. */
let answer: (command: Command) => void;

const send = (message: unknown) => qemu.write(`${JSON.stringify(message)}\r\n`);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "xbzrle-qmp-"));
  const path = join(folder, "qmp.sock");
  const endpoint = await listen(path);
  answer = ({ id }) => send({ return: {}, id });
  qemu = connect(path, () => send(GREETING));
  createInterface({ input: qemu }).on("line", (line) => answer(JSON.parse(line)));
  session = await QmpSession.open(endpoint.connection);
  endpoint.close();
});

afterEach(async () => {
  session.close(new Error("the test ended"));
  qemu.destroy();
  await rm(folder, { recursive: true });
});

test("The greeting gives the version of QEMU.", () => {
  expect(session.qemuVersion).toBe("7.2.22 (Debian)");
});

test("Answers are matched to commands by id, in whatever order they come.", async () => {
  const waiting: Command[] = [];
  answer = (command) => {
    waiting.push(command);
    if (waiting.length === 2) for (const { execute, id } of waiting.reverse()) send({ return: `${execute} done`, id });
  };
  await expect(Promise.all([session.execute("first"), session.execute("second")])).resolves.toEqual([
    "first done",
    "second done",
  ]);
});

test("An error answer rejects its command and no other.", async () => {
  answer = ({ execute, id }) => {
    if (execute === "wrong") send({ error: { class: "CommandNotFound", desc: "no such command" }, id });
    else send({ return: {}, id });
  };
  const wrong = session.execute("wrong");
  const right = session.execute("right");
  await expect(wrong).rejects.toMatchObject({ fault: "qmp-refused", message: "qmp-refused: no such command" });
  await expect(right).resolves.toEqual({});
});

test.each(["before", "after"])("An awaited event may come %s the answer.", async (order) => {
  answer = ({ id }) => {
    const messages = [{ event: "STOP" }, { return: {}, id }];
    for (const message of order === "before" ? messages : messages.reverse()) send(message);
  };
  await expect(session.executeUntil("stop", "STOP")).resolves.toBeUndefined();
});

test("An event of another name does not end the wait.", async () => {
  answer = ({ id }) => {
    send({ event: "RESUME" });
    send({ return: {}, id });
  };
  const stopped = session.executeUntil("stop", "STOP");
  const winner = await Promise.race([stopped.then(() => "stopped"), session.execute("query-status").then(() => "not")]);
  expect(winner).toBe("not");
  send({ event: "STOP" });
  await expect(stopped).resolves.toBeUndefined();
});

test("Closing rejects what is pending with the reason.", async () => {
  answer = () => session.close(new Error("QEMU ended with status 1"));
  await expect(session.execute("stop")).rejects.toThrow("QEMU ended with status 1");
});

test("What is no JSON closes the session.", async () => {
  answer = () => qemu.write("Segmentation fault\n");
  await expect(session.execute("stop")).rejects.toMatchObject({ fault: "qmp-refused" });
});
