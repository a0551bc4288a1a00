import { expect, test } from "vitest";
import type { WebAssemblyEngine } from "./engine.ts";
import { loadSimd } from "./kernel.ts";

/** The engine of this process, with some of it put in another way. */
function engineWith(change: Partial<WebAssemblyEngine>): WebAssemblyEngine {
  const { validate, Module, Memory, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyEngine })
    .WebAssembly;
  return { validate, Module, Memory, Instance, ...change };
}

test("this engine has SIMD", () => {
  expect(loadSimd()).toBeDefined();
});

test("there is no codec with SIMD where the engine does not know its instructions", () => {
  expect(loadSimd(engineWith({ validate: () => false }))).toBeUndefined();
});

test("there is no codec with SIMD where the host forbids to compile", () => {
  class Forbidden {
    constructor() {
      throw new Error("Wasm code generation disallowed by embedder");
    }
  }
  expect(loadSimd(engineWith({ Module: Forbidden }))).toBeUndefined();
});
