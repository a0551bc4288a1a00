/** Whether a family of vectors is written as `spec/vector.schema.json` says. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { packageFolder } from "../spec/package.ts";
import type { AnyFamilyText } from "./format.ts";

let compiled: ValidateFunction<AnyFamilyText> | undefined;

/** What is wrong with the family by the schema, `path: what` each; none if it may be taken as a {@link AnyFamilyText}. */
export function schemaFaults(family: unknown): string[] {
  compiled ??= compile();
  return compiled(family)
    ? []
    : (compiled.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

function compile(): ValidateFunction<AnyFamilyText> {
  const schema = JSON.parse(readFileSync(join(packageFolder, "spec", "vector.schema.json"), "utf8"));
  return new Ajv2020({ strict: true, strictTuples: false, strictTypes: false }).compile<AnyFamilyText>(schema);
}
