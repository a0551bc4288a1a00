/**
 * The codec with WebAssembly SIMD as a kernel. The folder `assembly` beside it has its sources, and the build writes them as
 * `module.ts`.
 */

import type { CreateKernel, Kernel } from "../arena/kernel.ts";
import { MODULE_BASE64 } from "./module.ts";

/** What is used of the global `WebAssembly`. */
export interface WebAssemblyEngine {
  /** True if the engine knows all that the module uses. */
  validate(module: Uint8Array): boolean;
  readonly Module: new (module: Uint8Array) => object;
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** What the module exports: see `assembly/index.ts`. */
interface ModuleExports {
  readonly freeOffset: { readonly value: number };
  encodePages(
    pairCount: number,
    oldSlots: number,
    newSlots: number,
    pages: number,
    pageSize: number,
    capacity: number,
    deltas: number,
    sizes: number,
  ): void;
  applyDeltas(
    deltaCount: number,
    slots: number,
    pages: number,
    pageSize: number,
    deltas: number,
    sizes: number,
  ): number;
}

/** The number of bytes of a page of WebAssembly's memory. */
const MEMORY_PAGE_SIZE = 65_536;

/** The memory that the module keeps for itself, at most; the number that it uses is `freeOffset`. */
const SCRATCH_PAGE_COUNT = 5;

/**
 * Compiles the module.
 *
 * @param engine - The global `WebAssembly`, or `undefined` where there is none.
 * @returns What makes kernels of it; `undefined` where the engine has no SIMD or is not allowed to compile.
 */
export function loadSimd(engine = globalEngine()): CreateKernel | undefined {
  const bytes = Uint8Array.from(atob(MODULE_BASE64), (character) => character.charCodeAt(0));
  if (engine === undefined || !engine.validate(bytes)) return undefined;
  let module: object;
  try {
    module = new engine.Module(bytes);
  } catch {
    // A policy of the host forbids it: its own error, of no class that is known here.
    return undefined;
  }
  return (byteCount) => createKernel(engine, module, byteCount);
}

/** The global `WebAssembly`, which is not among the types of the language. */
function globalEngine(): WebAssemblyEngine | undefined {
  return (globalThis as unknown as { readonly WebAssembly?: WebAssemblyEngine }).WebAssembly;
}

/** Makes a kernel, with a memory that never grows, so that views of it stay good. */
function createKernel(engine: WebAssemblyEngine, module: object, byteCount: number): Kernel {
  const pageCount = Math.ceil(byteCount / MEMORY_PAGE_SIZE) + SCRATCH_PAGE_COUNT;
  const memory = new engine.Memory({ initial: pageCount, maximum: pageCount });
  const { exports } = new engine.Instance(module, { env: { memory } });
  const { freeOffset, encodePages, applyDeltas } = exports as ModuleExports;
  return {
    memory: memory.buffer,
    freeOffset: freeOffset.value,
    encodePages: (layout, pairCount, capacity) =>
      encodePages(
        pairCount,
        layout.oldSlotsOffset,
        layout.newSlotsOffset,
        layout.pagesOffset,
        layout.pageSize,
        capacity,
        layout.deltasOffset,
        layout.deltaSizesOffset,
      ),
    applyDeltas: (layout, deltaCount) =>
      applyDeltas(
        deltaCount,
        layout.oldSlotsOffset,
        layout.pagesOffset,
        layout.pageSize,
        layout.deltasOffset,
        layout.deltaSizesOffset,
      ),
  };
}
