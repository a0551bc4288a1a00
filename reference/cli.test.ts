import { afterEach, expect, test, vi } from "vitest";

const { argv, exitCode } = process;

afterEach(() => {
  process.argv = argv;
  process.exitCode = exitCode;
  vi.restoreAllMocks();
  vi.resetModules();
});

test.each([
  [["--version"], 0],
  [["inspect", "no-such-file"], 2],
])("the program ends with the status of its command: %j", async (commandLine, status) => {
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((...[, encodingOrDone, done]) => {
      const written = typeof encodingOrDone === "function" ? encodingOrDone : done;
      written?.();
      return true;
    });
  }
  process.argv = ["node", "xbzrle", ...commandLine];
  await import("./cli.ts");
  expect(process.exitCode).toBe(status);
});
