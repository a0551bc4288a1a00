/**
 * The adapters that come with the package, and how each is made ready to run.
 */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { packageFolder } from "../../spec/package.ts";

/** An adapter that comes with the package. */
export interface BundledAdapter {
  readonly name: string;
  /** The program that it cannot do without. */
  readonly tool: string;
  /** The command that installs the tool. */
  readonly install: string;
  /** Builds into the folder what has to be built, and gives the program and arguments to run. */
  prepare(folder: string): readonly string[];
}

/** The absolute path of a file of an adapter. */
export function adapterFile(...path: readonly string[]): string {
  return join(packageFolder, "conformance/adapters", ...path);
}

/** Compiles C sources of the package into a program in the folder, and gives its path. */
export function compileC(folder: string, name: string, sources: readonly string[]): string {
  const program = join(folder, name);
  execFileSync("gcc", ["-std=c99", "-O2", "-o", program, ...sources], { stdio: ["ignore", "ignore", "pipe"] });
  return program;
}

const C_RECEIVER = ["receiver_example.c", "receiver.c", "codec.c"];

/** All bundled adapters, the reference's own first. */
export const BUNDLED_ADAPTERS: readonly BundledAdapter[] = [
  {
    name: "reference",
    tool: process.execPath,
    install: "apt-get install nodejs",
    prepare: () => [process.execPath, join(packageFolder, "dist/conformance/adapters/reference.js")],
  },
  {
    name: "c",
    tool: "gcc",
    install: "apt-get install gcc libc6-dev",
    prepare: (folder) => [compileC(folder, "c-example", [adapterFile("c/example.c"), adapterFile("c/codec.c")])],
  },
  {
    name: "c receiver",
    tool: "gcc",
    install: "apt-get install gcc libc6-dev",
    prepare: (folder) => [
      compileC(
        folder,
        "c-receiver",
        C_RECEIVER.map((file) => adapterFile("c", file)),
      ),
    ],
  },
  {
    name: "python",
    tool: "python3",
    install: "apt-get install python3",
    prepare: () => ["python3", adapterFile("python/example.py")],
  },
  {
    name: "rust",
    tool: "rustc",
    install: "apt-get install rustc",
    prepare(folder) {
      const program = join(folder, "rust-example");
      const options = ["--edition", "2021", "-O", "-o", program];
      execFileSync("rustc", [...options, adapterFile("rust/example.rs")], { stdio: ["ignore", "ignore", "pipe"] });
      return [program];
    },
  },
  {
    name: "javascript",
    tool: process.execPath,
    install: "apt-get install nodejs",
    prepare: () => [process.execPath, adapterFile("javascript/example.mjs")],
  },
];

/** True if the program can be run. */
export function hasTool(tool: string): boolean {
  try {
    execFileSync(tool, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
