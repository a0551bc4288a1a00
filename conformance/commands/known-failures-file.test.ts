import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { adapterFile } from "../adapters/bundled.ts";
import { runCommand } from "./fakes/streams.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-known-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An adapter whose decoder breaks for pages of one size. */
function adapter(pageSize: number): string[] {
  const file = join(folder, `adapter-${pageSize}.mjs`);
  const url = (name: string) => JSON.stringify(pathToFileURL(adapterFile("javascript", name)).href);
  const source = `import * as codec from ${url("codec.mjs")};
import { run } from ${url("xbzrle_adapter.mjs")};
function decode(oldPage, delta) {
  if (oldPage.length === ${pageSize}) throw new Error("too large");
  return codec.decode(oldPage, delta);
}
await run({ name: "sized", version: "1", decode, isMalformed: (error) => error instanceof codec.MalformedDeltaError });
`;
  writeFileSync(file, source);
  return ["--", process.execPath, file];
}

test("Known failures are written by a run, wait for their reasons, and are dropped when they pass.", async () => {
  const known = join(folder, "known.json");
  const options = ["--operation", "decode", "--fuzz", "0", "--known-failures", known];
  const read = () => JSON.parse(readFileSync(known, "utf8"));

  const first = await runCommand("run", ...options, "--update-known-failures", ...adapter(65536));
  expect(first.status).toBe(1);
  const entries: { pattern: string; reason: string }[] = read();
  expect(first.stderr).toContain(
    `0 kept, 0 dropped, ${entries.length} added; ${entries.length} reasons are still to be`,
  );
  expect(entries.length).toBeGreaterThan(10);
  expect(entries.map(({ pattern }) => pattern)).toEqual(entries.map(({ pattern }) => pattern).sort());

  const refused = await runCommand("run", ...options, ...adapter(65536));
  expect(refused).toMatchObject({ status: 2, stdout: "" });
  expect(refused.stderr).toContain(`entry 1 ("${entries[0]!.pattern}") has a reason that is still to be written`);

  writeFileSync(known, JSON.stringify(entries.map((entry) => ({ ...entry, reason: "16-bit offsets", link: "x" }))));
  const accepted = await runCommand("run", ...options, "--update-known-failures", ...adapter(65536));
  expect(accepted.status).toBe(0);
  expect(accepted.stdout).toContain(`sized is conformant but for ${entries.length} known failures`);
  expect(accepted.stderr).toContain(`${entries.length} kept, 0 dropped, 0 added\n`);
  expect(read()).toEqual(entries.map((entry) => ({ ...entry, reason: "16-bit offsets", link: "x" })));

  const cut = await runCommand("run", ...options, "--update-known-failures", "--fail-fast", ...adapter(4096));
  expect(cut.stderr).toContain("is left as it is, because the run was cut short");
  expect(read()).toHaveLength(entries.length);

  const mended = await runCommand("run", ...options, "--update-known-failures", ...adapter(0));
  expect(mended.status).toBe(1);
  expect(mended.stdout).toContain("no longer fails");
  expect(read()).toEqual([]);
  expect(readdirSync(folder).filter((name) => name.endsWith(".new"))).toEqual([]);
});
