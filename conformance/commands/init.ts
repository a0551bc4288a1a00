/**
 * `xbzrle-conformance init`: a ready adapter in the user's language, to put an implementation into.
 */

import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { printOutput, type StandardStreams, UsageError } from "../../reference/commands/streams.ts";
import { packageFolder } from "../../spec/package.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";

/** What the adapter in a language is made of, how it is built and run, and the same of one that is a receiver too, where that is another. */
interface Kit {
  readonly files: readonly string[];
  readonly build: string | null;
  readonly run: string;
  readonly receiver?: { readonly build: string; readonly run: string };
}

const LANGUAGES = {
  c: {
    files: ["xbzrle_adapter.h", "example.c", "codec.c", "codec.h", "receiver_example.c", "receiver.c", "receiver.h"],
    build: "cc -std=c99 -O2 -o my_adapter example.c codec.c",
    run: "./my_adapter",
    receiver: {
      build: "cc -std=c99 -O2 -o my_receiver receiver_example.c receiver.c codec.c",
      run: "./my_receiver",
    },
  },
  python: {
    files: ["xbzrle_adapter.py", "example.py", "codec.py", "receiver.py", "sender.py"],
    build: null,
    run: "python3 example.py",
  },
  rust: {
    files: ["xbzrle_adapter.rs", "example.rs", "codec.rs"],
    build: "rustc --edition 2021 -O -o my_adapter example.rs",
    run: "./my_adapter",
  },
  javascript: {
    files: ["xbzrle_adapter.mjs", "example.mjs", "codec.mjs", "xbzrle_fields.mjs"],
    build: null,
    run: "node example.mjs",
  },
} as const satisfies Readonly<Record<string, Kit>>;

/** A language that has an SDK. */
export type Language = keyof typeof LANGUAGES;

/** The languages that have an SDK. */
export const languages = Object.keys(LANGUAGES) as Language[];

/** Copies SDK, example and codec into the folder, where none of them may be yet, and tells what to do next. */
export async function initCommand(language: Language, folder: string, streams: StandardStreams): Promise<ExitStatus> {
  const { files, build, run, receiver }: Kit = LANGUAGES[language];
  const taken = files.map((file) => join(folder, file)).find((path) => existsSync(path));
  if (taken !== undefined) throw new UsageError(`${taken} is there already; name another folder`);
  mkdirSync(folder, { recursive: true });
  for (const file of files)
    copyFileSync(join(packageFolder, "conformance/adapters", language, file), join(folder, file));
  const lines = [
    `${folder} holds ${files.join(", ")}: an adapter that works. Put your codec in the place of ${files[2]}.`,
    "",
    `  cd ${folder}`,
    ...(build === null ? [] : [`  ${build}`]),
    `  npx xbzrle-conformance run -- ${run}`,
    "",
    ...(receiver
      ? ["A receiver besides:", "", `  ${receiver.build}`, `  npx xbzrle-conformance run -- ${receiver.run}`, ""]
      : []),
  ];
  await printOutput(streams.stdout, lines.join("\n"));
  return EXIT_STATUS.conformant;
}
