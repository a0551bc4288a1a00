import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { runProgram } from "../program.ts";
import { recorder } from "../stream/fakes/run.ts";

const REQUEST = {
  mode: "evacuate",
  from: "a",
  bandwidthBytesPerSecond: 1000,
  hosts: [
    { name: "a", freeBytes: 6000 },
    { name: "b", freeBytes: 1_500_000 },
  ],
  guests: [{ name: "x", host: "a", ramBytes: 1_000_000, dirtyBytesPerSecond: 900 }],
};

/** Runs `xbzrle plan -` on a value, or on text as it is. */
async function plan(request: unknown, ...options: readonly string[]) {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  const text = typeof request === "string" ? request : JSON.stringify(request);
  const streams = { stdin: Readable.from([Buffer.from(text)]), stdout: recorder(stdout), stderr: recorder(stderr) };
  const status = await runProgram(["plan", "-", ...options], streams);
  return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

test("a plan is text, or JSON with the guests by name", async () => {
  expect(await plan(REQUEST)).toEqual({
    status: 0,
    stdout: [
      "wave 1",
      "  x: a -> b, 976.5 KiB of RAM, xbzrle-cache-size 4096, 4 KiB (1 MiB with more memory)",
      "hosts",
      "  a: 982.4 KiB free at the end, never less than 1.8 KiB",
      "  b: 488.2 KiB free at the end, never less than 488.2 KiB",
      "",
    ].join("\n"),
    stderr: "",
  });
  const { status, stdout } = await plan(REQUEST, "--json");
  expect([status, JSON.parse(stdout)]).toEqual([
    0,
    {
      kind: "plan",
      waves: [[{ guest: "x", from: "a", to: "b", cacheBytes: 4096, wantedCacheBytes: 1_048_576 }]],
      hosts: [
        { name: "a", freeBytes: 1_006_000, leastFreeBytes: 1880 },
        { name: "b", freeBytes: 500_000, leastFreeBytes: 500_000 },
      ],
    },
  ]);
});

test("a refusal is told on standard error, with --json on standard output too, and ends with 1", async () => {
  const request = { ...REQUEST, guests: [{ ...REQUEST.guests[0], ramBytes: 2_000_000 }] };
  const reason =
    "a cannot be evacuated: its guests have 2000000 bytes of RAM, and all other hosts together 1500000 free; free 500000 or add a host";
  expect(await plan(request)).toEqual({ status: 1, stdout: "", stderr: `xbzrle: ${reason}\n` });
  const { status, stdout } = await plan(request, "--json");
  expect([status, JSON.parse(stdout)]).toEqual([1, { kind: "refusal", reason }]);
});

test("a plan with nothing to do says so", async () => {
  expect(await plan({ ...REQUEST, guests: [] })).toEqual({ status: 0, stdout: "nothing to do\n", stderr: "" });
});

const [a, b] = REQUEST.hosts;
const [x] = REQUEST.guests;
test.each([
  ["{", "FILE from standard input is no JSON ("],
  [[], "FILE from standard input: it must be object; spec/plan.schema.json"],
  [{ ...REQUEST, mode: "empty" }, "FILE from standard input: /mode must be equal to one of the allowed values"],
  [
    { ...REQUEST, form: "a" },
    "FILE from standard input: it must NOT have additional properties: form; spec/plan.schema.json",
  ],
  [{ ...REQUEST, from: undefined }, "FILE from standard input: it must have required property 'from'"],
  [{ ...REQUEST, mode: "balance" }, "FILE from standard input: /from has no place in this mode; "],
  [{ ...REQUEST, migrationsAtOnce: 0 }, "FILE from standard input: /migrationsAtOnce must be >= 1"],
  [
    { ...REQUEST, guests: [{ ...x, ramBytes: 1.5e3 + 0.5 }] },
    "FILE from standard input: /guests/0/ramBytes must be integer",
  ],
  [
    { ...REQUEST, hosts: [a, { name: "b\u001b", freeBytes: 1 }] },
    "FILE from standard input: /hosts/1/name must match pattern",
  ],
  [
    { ...REQUEST, from: "c" },
    "FILE from standard input: from has to name one of the hosts to evacuate, not c; docs/planning.md",
  ],
  [
    { ...REQUEST, hosts: [a, b, b] },
    "FILE from standard input: two hosts are named b; give each a name of its own; docs/planning.md",
  ],
  [{ ...REQUEST, guests: [x, x] }, "FILE from standard input: two guests are named x"],
  [
    { ...REQUEST, guests: [{ ...x, host: "d" }] },
    "FILE from standard input: guest x runs on d, which is none of the hosts",
  ],
])("asked wrongly, it says so in one line and ends with 2: %#", async (request, message) => {
  const { status, stdout, stderr } = await plan(request);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^xbzrle: [^\n]+; [^\n]+\n$/);
});

test("a file that is not there, or too large, is told of with what to do", async () => {
  const stderr: Buffer[] = [];
  const streams = { stdin: Readable.from([]), stdout: recorder([]), stderr: recorder(stderr) };
  expect(await runProgram(["plan", "/nowhere/plan.json"], streams)).toBe(2);
  expect(await runProgram(["plan", "/dev/zero"], streams)).toBe(2);
  expect(Buffer.concat(stderr).toString().split("\n")).toEqual([
    "xbzrle: FILE /nowhere/plan.json does not exist; name a file of JSON, or - for standard input",
    "xbzrle: FILE /dev/zero has more than 16777216 bytes; give a file of JSON",
    "",
  ]);
});
