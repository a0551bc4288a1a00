import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { runProgram } from "../reference/commands/program.ts";
import { recorder } from "../reference/commands/stream/fakes/run.ts";
import { packageFolder } from "../spec/package.ts";

const text = readFileSync(join(packageFolder, "docs/planning.md"), "utf8");
const examples = [...text.matchAll(/^```json plan-example\n(.*?)^```\n\n```text\n(.*?)^```$/gms)].map(
  ([, request, plan]) => ({ request: request!, plan: plan! }),
);

test("docs/planning.md has an example for each mode", () => {
  expect(examples.map(({ request }) => JSON.parse(request).mode)).toEqual(["evacuate", "balance"]);
});

test.each(examples)("docs/planning.md has an example that is planned so: %#", async ({ request, plan }) => {
  const chunks: Buffer[] = [];
  const stdin = Readable.from([Buffer.from(request)]);
  const streams = { stdin, stdout: recorder(chunks), stderr: recorder(chunks) };
  expect(await runProgram(["plan", "-"], streams)).toBe(0);
  expect(Buffer.concat(chunks).toString()).toBe(plan);
});
