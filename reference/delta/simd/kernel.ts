/**
 * The codec with WebAssembly SIMD as a kernel. The folder `assembly` beside it has its sources, and the build writes them as
 * `module.ts`.
 */

import type { CreateKernel, Kernel } from "../arena/kernel.ts";
import { compile, MEMORY_PAGE_SIZE, type ModuleInstance, type WebAssemblyEngine } from "./engine.ts";
import { MODULE_BASE64 } from "./module.ts";

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

/** The memory that the module keeps for itself, at most; the number that it uses is `freeOffset`. */
const SCRATCH_PAGE_COUNT = 5;

/**
 * Compiles the module.
 *
 * @param engine - The global `WebAssembly` unless told, if there is one.
 * @returns What makes kernels of it; `undefined` where the engine has no SIMD or is not allowed to compile.
 */
export function loadSimd(engine?: WebAssemblyEngine): CreateKernel | undefined {
  const createInstance = compile<ModuleExports>(MODULE_BASE64, engine);
  return (
    createInstance &&
    ((byteCount) => kernelOf(createInstance(Math.ceil(byteCount / MEMORY_PAGE_SIZE) + SCRATCH_PAGE_COUNT)))
  );
}

function kernelOf({ exports, memory }: ModuleInstance<ModuleExports>): Kernel {
  const { freeOffset, encodePages, applyDeltas } = exports;
  return {
    memory,
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
