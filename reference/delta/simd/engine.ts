/**
 * WebAssembly, as far as it is used: it is not among the types of the language, and an engine may lack it, or parts of it.
 */

/** What is used of the global `WebAssembly`. */
export interface WebAssemblyEngine {
  /** True if the engine knows all that the module uses. */
  validate(module: Uint8Array): boolean;
  readonly Module: new (module: Uint8Array) => object;
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** An instance of a module, and its memory, which never grows, so that views of it stay good. */
export interface ModuleInstance<Exports> {
  readonly exports: Exports;
  readonly memory: ArrayBuffer;
}

/** The number of bytes of a page of WebAssembly's memory. */
export const MEMORY_PAGE_SIZE = 65_536;

/**
 * Compiles a module that imports its memory.
 *
 * @param base64 - The module.
 * @param engine - The global `WebAssembly` unless told, if there is one.
 * @returns What makes instances of it with so many pages of memory; `undefined` where the engine does not know what the module uses, or
 * is not allowed to compile.
 */
export function compile<Exports>(
  base64: string,
  engine: WebAssemblyEngine | undefined = globalEngine(),
): ((memoryPageCount: number) => ModuleInstance<Exports>) | undefined {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (engine === undefined || !engine.validate(bytes)) return undefined;
  let module: object;
  try {
    module = new engine.Module(bytes);
  } catch {
    // A policy of the host forbids it: its own error, of no class that is known here.
    return undefined;
  }
  return (memoryPageCount) => {
    const memory = new engine.Memory({ initial: memoryPageCount, maximum: memoryPageCount });
    const { exports } = new engine.Instance(module, { env: { memory } });
    return { exports: exports as Exports, memory: memory.buffer };
  };
}

function globalEngine(): WebAssemblyEngine | undefined {
  return (globalThis as unknown as { readonly WebAssembly?: WebAssemblyEngine }).WebAssembly;
}
