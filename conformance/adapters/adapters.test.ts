import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { RunReport } from "../report/model.ts";
import { runConformance } from "../run.ts";
import { adapterFile, BUNDLED_ADAPTERS, compileC, hasTool } from "./bundled.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-adapters-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("bundled adapters", () => {
  for (const { name, tool, install, prepare } of BUNDLED_ADAPTERS) {
    test.skipIf(!hasTool(tool))(`the ${name} adapter conforms at both levels (${install})`, async () => {
      const report = await runVectors(prepare(folder), 2000);
      expect(report.reasons).toEqual([]);
      expect(report.verdict).toBe("conformant");
    });
  }

  test("are glue of at most 60 lines", () => {
    for (const file of [
      "c/example.c",
      "c/receiver_example.c",
      "python/example.py",
      "rust/example.rs",
      "javascript/example.mjs",
    ]) {
      expect(readFileSync(adapterFile(file), "utf8").split("\n").length, file).toBeLessThanOrEqual(61);
    }
  });
});

const codec = readFileSync(adapterFile("c/codec.c"), "utf8");

/** Each check of the C decoder: the requirement and the fault in its comment, and the lines that refuse. */
const checks = [
  ...codec.matchAll(/\/\* (DELTA-\d+) ([a-z]+(?:-[a-z]+)+).*?\*\/\n( +if \(.*?\)\n +return MALFORMED;\n)/g),
].map(([, requirement, fault, lines]) => ({ requirement: requirement!, fault: fault!, lines: lines! }));

describe.skipIf(!hasTool("gcc"))(
  "a copy of the C example without one of its checks (apt-get install gcc libc6-dev)",
  () => {
    test("can be made for each of the eight faults", () => {
      expect(checks.map(({ requirement }) => requirement).sort()).toEqual(
        [12, 13, 14, 15, 16, 17, 18, 19].map((number) => `DELTA-${number}`),
      );
    });

    test.each(checks)("does not conform: $fault", async ({ requirement, fault, lines }) => {
      const source = join(folder, `${fault}.c`);
      writeFileSync(source, codec.replace(lines, ""));
      const program = compileC(folder, fault, [`-I${adapterFile("c")}`, adapterFile("c/example.c"), source]);
      const report = await runVectors([program], 0);
      expect(report.verdict).toBe("nonconformant");
      expect(report.failures.map(({ broken, requirements }) => broken ?? requirements[0]?.id)).toContain(requirement);
    });
  },
);

describe.skipIf(!hasTool("gcc"))("the C SDK (apt-get install gcc libc6-dev)", () => {
  const misdeeds = {
    "writes past the capacity": ["dst[dlen] = 1; return 3;", "0", /past the capacity of 1 byte$/],
    "writes before the delta": ["dst[-1] ^= 1; return 3;", "0", /before/],
    "returns more than the capacity": ["return dlen + 1;", "0", /returned/],
    "changes the page that it encodes": ["new_buf[0] ^= 1; return 0;", "0", /input/],
    "writes past the page": ["return 0;", "dst[dlen] ^= 1; return 0;", /past the page of 16 bytes$/],
  } as const;

  test.each(Object.entries(misdeeds))("answers error to a codec that %s", (name, [encode, decode, reason]) => {
    const source = join(folder, `${name.replaceAll(" ", "-")}.c`);
    writeFileSync(source, badCodec(encode, decode === "0" ? "return 0;" : decode));
    const program = compileC(folder, name.replaceAll(" ", "-"), [`-I${adapterFile("c")}`, source]);
    const page = "00".repeat(16);
    const input = `hello 1\na encode 1 ${page} ${page}\nb decode ${page} 000101\n`;
    const answers = execFileSync(program, { input, encoding: "utf8" }).split("\n");
    const answer = decode === "0" ? answers[1] : answers[2];
    expect(answer).toMatch(/^[ab] error /);
    expect(answer).toMatch(reason);
  });
});

describe.skipIf(!hasTool("gcc"))("the C SDK for receivers (apt-get install gcc libc6-dev)", () => {
  test.each([
    ["writes-past-the-RAM", "ram[ram_size] ^= 1; return 0;", "a error wrote past the RAM of 8192 bytes"],
    ["writes-before-the-RAM", "ram[-1] ^= 1; return 0;", "a error wrote before the RAM of 8192 bytes"],
    ["changes-the-stream", "stream[0] ^= 1; return 0;", "a error changed its input"],
    ["returns-what-is-no-result", "return -3;", "a error returned -3 for a stream"],
    ["sets-one-byte", "ram[4097] = 0xab; return 0;", `a ram 4096:00ab${"00".repeat(4094)}`],
    ["refuses", "return -1;", "a malformed"],
    ["was-not-made-for-this", "return XBZRLE_UNSUPPORTED;", "a unsupported stream"],
  ])("answers for a receiver that %s", (name, body, answer) => {
    const source = join(folder, `${name}.c`);
    writeFileSync(source, receiverSource(body));
    const program = compileC(folder, name, [`-I${adapterFile("c")}`, source]);
    const lines = execFileSync(program, { input: "hello 1\na receive 8192 51\n", encoding: "utf8" }).split("\n");
    expect(lines).toEqual(["hello 1 receiver 1 receive", answer, ""]);
  });
});

function receiverSource(body: string): string {
  return `#include "xbzrle_adapter.h"
static int receive(uint8_t *stream, size_t stream_size, uint8_t *ram, size_t ram_size)
{ (void)stream; (void)stream_size; (void)ram; (void)ram_size; ${body} }
int main(void) { return xbzrle_adapter_run_all("receiver", "1", NULL, NULL, receive); }
`;
}

function badCodec(encode: string, decode: string): string {
  return `#include "xbzrle_adapter.h"
static int encode(uint8_t *old_buf, uint8_t *new_buf, int slen, uint8_t *dst, int dlen)
{ (void)old_buf; (void)new_buf; (void)slen; (void)dst; (void)dlen; ${encode} }
static int decode(uint8_t *src, int slen, uint8_t *dst, int dlen)
{ (void)src; (void)slen; (void)dst; (void)dlen; ${decode} }
int main(void) { return xbzrle_adapter_run("bad", "1", encode, decode); }
`;
}

function runVectors(command: readonly string[], fuzz: number): Promise<RunReport> {
  return runConformance({ command, options: { level: "recommended", fuzz } });
}
