/** `xbzrle monitor`, from a pipe: the words of QEMU's monitor and of the proposal of 2011. */

import { describe, expect, test } from "vitest";
import { startReceiver } from "../migration/fakes/receiver.ts";
import { run } from "../stream/fakes/run.ts";
import { complete } from "./commands.ts";

const GUEST = ["--memory", "1M"];

/** Types the lines; what is said of a migration that has ended by itself may come before or after what was typed next. */
function type(lines: readonly string[]) {
  return run(["monitor", ...GUEST], { stdin: lines.map((line) => Buffer.from(`${line}\n`)) });
}

describe("the usage of the proposal", () => {
  test("with capabilities and parameters migrates, and tells the numbers of today", async () => {
    const { receiving, place } = await startReceiver(["--block", "ram"]);
    const { stdout, stderr, status } = await type([
      "migrate_set_capability xbzrle on",
      "migrate_set_parameter xbzrle-cache-size 256M",
      `migrate ${place}`,
      "info migrate",
    ]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.toString()).toMatch(/^Migration status: completed\n.*total ram: 1024 kbytes\n/s);
    expect(stdout.toString()).toContain("cache size: 268435456 bytes\n");
    const received = await receiving;
    expect([received.status, received.stdout.length]).toEqual([0, 2 ** 20]);
  });

  test("in the spelling of 2011 tells those of 2011, and goes on behind the prompt", async () => {
    const { receiving, place } = await startReceiver(["--block", "ram"]);
    const lines = ["migrate_set_cachesize 256m", `migrate -x -d ${place}`, "info migrate_cache_size", "info migrate"];
    const { stdout, status } = await type(lines);
    expect(status).toBe(0);
    expect(stdout.toString()).toMatch(
      /^xbzrle cache size: 262144 kbytes\nMigration status: (setup|active|completed)\n/,
    );
    expect(stdout.toString()).toContain("cache-lookup ram-xbrle: ");
    expect((await receiving).status).toBe(0);
  });
});

test("A migration that runs can be told of, have its cache resized, and be cancelled.", async () => {
  const { stdout, stderr, status } = await type([
    "migrate_set_parameter max-bandwidth 64K",
    "migrate_set_capability xbzrle on",
    "migrate -d exec:cat > /dev/null",
    "migrate_set_parameter xbzrle-cache-size 8K",
    "info migrate",
    "migrate tcp:127.0.0.1:1",
    "migrate_set_capability compress on",
    "migrate_cancel",
    "info migrate",
    "info migrate_capabilities",
  ]);
  expect(stdout.toString()).toMatch(
    /^Migration status: (setup|active)\n.*Migration status: cancelled\n.*xbzrle: on\ncompress: off\n$/s,
  );
  expect(stdout.toString()).toContain("cache size: 8192 bytes\n");
  expect(stderr.split("\n")).toEqual([
    "xbzrle: a migration is running; migrate_cancel ends it",
    "xbzrle: compress cannot be turned on while a migration runs; migrate_cancel ends it",
    "",
  ]);
  expect(status).toBe(1);
});

test.each([
  ["migrate_set_speed 1m", /^there is no command "migrate_set_speed"; help lists them$/],
  ["constructor", /^there is no command "constructor"; help lists them$/],
  ["migrate", /^migrate needs a URI: migrate \[-d\] \[-x\] URI$/],
  ["migrate -b tcp:a:1", /^migrate has no option -b; it has -d and -x$/],
  ["migrate rdma:a:1", /^URI rdma:a:1 begins with none of /],
  ["migrate tcp:127.0.0.1:1", /^tcp:127\.0\.0\.1:1: nobody listens on port 1/],
  ["migrate_set_capability", /^there is no name of a capability; they are xbzrle, compress$/],
  ["migrate_set_capability multifd on", /^"multifd" is none of a capability; they are xbzrle, compress$/],
  ["migrate_set_capability xbzrle yes", /^xbzrle is turned on or off: /],
  ["migrate_set_parameter compress-level 10", /^compress-level has to be an integer from 0 to 9, not 10 \(COMP-16\)$/],
  [
    "migrate_set_parameter compress-threads 0",
    /^compress-threads has to be an integer from 1 to 255, not 0 \(COMP-16\)$/,
  ],
  ["migrate_set_parameter downtime-limit 1 2", /^downtime-limit has one value; give one$/],
  ["migrate_set_cachesize 3m", /^xbzrle-cache-size has to be a power of two from 4096 .* not 3145728 \(SESSION-14\)$/],
  ["migrate_set_cachesize much", /^It has to be a number of bytes/],
  ["info", /^there is no name of a topic; they are migrate, /],
])("%s is refused in one line, and the next line is read", async (line, message) => {
  const { stdout, stderr, status } = await type([line, "", "info migrate_parameters", "quit", "help"]);
  expect(stderr).toMatch(/^xbzrle: [^\n]*\n$/);
  expect(stderr.slice("xbzrle: ".length, -1)).toMatch(message);
  expect(stdout.toString()).toBe(
    "max-bandwidth: 134217728\ndowntime-limit: 300\nxbzrle-cache-size: 67108864\ncompress-level: 1\ncompress-threads: 8\n",
  );
  expect(status).toBe(1);
});

test.each([
  ["migrate_set_ca", ["migrate_set_capability ", "migrate_set_cachesize "], "migrate_set_ca"],
  ["migrate_set_capability ", ["xbzrle ", "compress "], ""],
  ["migrate_set_capability xbzrle o", ["on ", "off "], "o"],
  ["migrate -d t", ["tcp:"], "t"],
  ["info migrate_p", ["migrate_parameters "], "migrate_p"],
  ["nonsense x", [], "x"],
])("%j can go on with %j", (line, completions, begun) => {
  expect(complete(line)).toEqual([completions, begun]);
});
