import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFolder } from "../spec/package.ts";
import { chooseCodec } from "./codec.ts";
import { createPlainKernel } from "./delta/arena/kernel.ts";
import { encodeDelta } from "./delta/encode.ts";
import { loadSimd } from "./delta/simd/kernel.ts";
import { codecName, createArena } from "./index.ts";

const cli = join(packageFolder, "dist/reference/cli.js");

/** What a program of one line, which has imported the package as `xbzrle`, prints. */
function print(expression: string, options: readonly string[] = []): string {
  const program = `import * as xbzrle from ${JSON.stringify(join(packageFolder, "dist/reference/index.js"))}; console.log(${expression})`;
  const commandLine = [...options, "--input-type=module", "--eval", program];
  return execFileSync(process.execPath, commandLine, { encoding: "utf8", env: { PATH: process.env.PATH } }).trim();
}

test.each([undefined, ""])("the codec with SIMD is chosen where there is one and nothing is wanted: %j", (wanted) => {
  expect(chooseCodec(wanted, loadSimd()).name).toBe("simd");
  expect(chooseCodec(wanted, undefined).name).toBe("plain");
});

test("XBZRLE_CODEC chooses the codec", () => {
  expect(chooseCodec("simd", loadSimd()).name).toBe("simd");
  const plain = chooseCodec("plain", loadSimd());
  expect(plain).toMatchObject({ name: "plain", encodeDelta, createKernel: createPlainKernel });
});

test("what cannot be chosen is said, with what to do", () => {
  expect(() => chooseCodec("fast", loadSimd())).toThrow("XBZRLE_CODEC has to be plain or simd, not fast");
  expect(() => chooseCodec("simd", undefined)).toThrow(
    "XBZRLE_CODEC is simd, and this engine has no WebAssembly SIMD; set it to plain, or unset it",
  );
});

test("an arena is one of the codec that is used", () => {
  const arena = createArena({ pageSize: 8, slotCount: 2, batchSize: 1 });
  arena.pages[8] = 1;
  arena.newSlots[0] = 1;
  arena.encode(1);
  expect([...arena.deltas.subarray(0, arena.deltaSizes[0])]).toEqual([0, 1, 1]);
  expect(codecName).toBe("simd");
});

test("the built package has the codec with SIMD in it, and does without where the engine has no WebAssembly", () => {
  const encoded = "xbzrle.encodeDelta(new Uint8Array(9), new Uint8Array(9).fill(1, 8), 9).delta.join()";
  expect(print(`xbzrle.codecName + ' ' + ${encoded}`)).toBe("simd 8,1,1");
  expect(print(`xbzrle.codecName + ' ' + ${encoded}`, ["--jitless"])).toBe("plain 8,1,1");
});

test("a program that is told of a codec that there is not says so in one line", () => {
  const { stderr, status } = spawnSync(process.execPath, [cli, "--version"], {
    encoding: "utf8",
    env: { XBZRLE_CODEC: "fast" },
  });
  expect({ stderr, status }).toEqual({ stderr: "xbzrle: XBZRLE_CODEC has to be plain or simd, not fast\n", status: 2 });
});
