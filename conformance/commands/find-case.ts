/**
 * The case that a user names: by the id of a vector, of a fuzz case or of one of a small world, or by a file that holds a vector.
 */

import { existsSync, readFileSync } from "node:fs";
import { UsageError } from "../../reference/commands/streams.ts";
import type { Case } from "../harness/case.ts";
import { fuzzCase } from "../suites/fuzz.ts";
import { standaloneCase } from "../suites/ready-vector.ts";
import { vectorCases } from "../suites/vector-suite.ts";
import { worldCase } from "../suites/worlds.ts";

/** The case; a UsageError says where names are to be found. */
export function findCase(name: string): Case {
  const found = fuzzCase(name) ?? worldCase(name) ?? vectorCases().find(({ id }) => id === name);
  if (found) return found;
  if (existsSync(name)) return caseOfFile(name);
  throw new UsageError(`there is no case and no file "${name}"; xbzrle-conformance list shows the cases`);
}

function caseOfFile(path: string): Case {
  try {
    return standaloneCase(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new UsageError(
      `${path} holds no vector: ${(error as Error).message}; spec/vector.schema.json says how one is written`,
    );
  }
}
