import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { badAdapter, inProcessFolder, numberedCases } from "../harness/fakes/bad-run.ts";
import type { Answer } from "../protocol.ts";
import { Conversation } from "./conversation.ts";
import { AdapterStartError } from "./fault.ts";
import type { Asked } from "./open-requests.ts";

const TIMEOUT_MS = 400;

const folder = mkdtempSync(join(tmpdir(), "xbzrle-programs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The path of a file with this text, which may be run or not. */
function file(name: string, text: string, mode: number): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe("a program that cannot be run is named, with what to do", () => {
  test.each<[what: string, command: string[], message: string | RegExp]>([
    ["it is missing", ["no-such-program"], 'there is no program "no-such-program"; give its path (./my_adapter'],
    ["it is missing from its folder", [join(folder, "absent")], `there is no program "${join(folder, "absent")}"`],
    ["its arguments stand in one word with it", ["./adapter --fast"], "give program and arguments as separate words"],
    ["it is a folder", [folder], `"${folder}" is a folder; give the path of a program`],
    [
      "it has no run bit",
      [file("no-run-bit", "#!/bin/sh\n", 0o644)],
      'no-run-bit" may not be run; give it the run bit (chmod +x)',
    ],
    ["its interpreter is missing", [file("bent", "#!/no/such/sh\n", 0o755)], 'bent" is there, but not the interpreter'],
    ["it is in a file", [join(file("plain", "", 0o644), "x")], /"[^"]+" could not be started: .*ENOTDIR/],
    ["it is no program", [file("garbage", "\0\x01\n", 0o755)], /ended with exit status 12\d|could not be started/],
    ["it has no name", [""], '"" could not be started'],
    ["there is a NUL in its path", ["./a\0b"], '"./a\\x00b" could not be started'],
    ["there is a NUL in its name", ["a\0b"], '"a\\x00b" could not be started'],
    ["its argument is too long", [process.execPath, "x".repeat(1 << 20)], /could not be started: .*E2BIG/],
  ])("%s", async (_, command, message) => {
    const opening = Conversation.open(command, TIMEOUT_MS);
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toBeInstanceOf(AdapterStartError);
  });
});

describe.concurrent("a greeting that is none is quoted, with what is wrong with it", () => {
  test.each<[mode: string, message: string]>([
    [
      "hello-after-text",
      '"Copyright": it does not begin with the word hello; it should answer "hello 1 NAME VERSION encode decode"',
    ],
    ["hello-before-text", 'wrote a line that is no answer: "ready"'],
    ["hello-twice", '"hello 1 bad 1.0 encode decode": the handshake is over'],
    ["hello-version-2", 'it speaks version "2", not 1'],
    ["hello-unknown-operation", '"squash" is no operation; the operations are encode, decode'],
    ["hello-nameless", "it lacks the implementation's name or version"],
    ["hello-control", '"\\x1b[31mbad" is not printable ASCII'],
    ["hello-half", 'stops in the middle of a line: "hello 1 bad 1.0 encode decode": end it with LF, and flush'],
    ["hello-silent", 'no answer to "hello 1" in 2 s'],
    ["hello-no-flush", "flush standard output after every answer"],
    ["hello-exit", "ended with exit status 5 before it had said hello"],
  ])("%s", async (mode, message) => {
    const { error, durationMs, survivors } = await inProcessFolder((pids) =>
      Conversation.open(badAdapter(pids, mode), TIMEOUT_MS),
    );
    expect(error).toBeInstanceOf(AdapterStartError);
    expect((error as AdapterStartError).message).toContain(message);
    expect((error as AdapterStartError).stderrTail).toBe(mode === "hello-exit" ? "cannot find the codec" : "");
    expect(survivors).toEqual([]);
    expect(durationMs).toBeLessThan(8000);
  });

  test("an interruption ends the wait for it", async () => {
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(), 200);
    const { error, durationMs, survivors } = await inProcessFolder((pids) =>
      Conversation.open(badAdapter(pids, "hello-silent"), 60_000, interruption.signal),
    );
    expect(error).toMatchObject({
      name: "AdapterStartError",
      message: expect.stringContaining("interrupted before it had said hello"),
    });
    expect([durationMs < 5000, survivors]).toEqual([true, []]);
  });
});

describe("a conversation", () => {
  test("asks no more at a time than the window, and gives each answer to its own request, in any order", async () => {
    const cases = numberedCases(100);
    const waiting = cases.map(({ id, request }): Asked => ({ id, request }));
    const answers = new Map<string, Answer>();
    let open = 0;
    let mostOpen = 0;
    const { error, survivors } = await inProcessFolder(async (pids) => {
      const conversation = await Conversation.open(badAdapter(pids, "backwards"), 2000);
      expect(conversation.hello).toEqual({ name: "bad", version: "1.0", operations: ["encode", "decode"] });
      const feed = {
        next: () => {
          mostOpen = Math.max(mostOpen, waiting.length === 0 ? open : ++open);
          return waiting.shift();
        },
        answered: ({ id }: Asked, answer: Answer) => {
          open--;
          answers.set(id, answer);
        },
      };
      expect(await conversation.drive(feed, 7)).toBeUndefined();
      expect(await conversation.close()).toBeUndefined();
    });
    expect([error, survivors, mostOpen]).toEqual([undefined, [], 7]);
    expect([...answers.keys()].sort()).toEqual(cases.map(({ id }) => id).sort());
    expect(cases.filter((asked) => asked.judge(answers.get(asked.id)!).kind !== "pass")).toEqual([]);
    // Not a test of the harness if the adapter kept the order.
    expect([...answers.keys()]).not.toEqual(cases.map(({ id }) => id));
  });

  test("a line that comes while nothing is asked is a fault", async () => {
    const [asked] = numberedCases(1);
    const { value, survivors } = await inProcessFolder(async (pids) => {
      const conversation = await Conversation.open(badAdapter(pids, "second-answer-later"), 2000);
      const requests: Asked[] = [{ id: asked!.id, request: asked!.request }];
      await conversation.drive({ next: () => requests.shift(), answered: () => {} }, 1);
      return [conversation.isOver, await conversation.listen(1000), conversation.isOver];
    });
    expect(value).toEqual([false, expect.objectContaining({ verdict: "protocol-fault", culpritId: "case/0" }), true]);
    expect(survivors).toEqual([]);
  });
});
