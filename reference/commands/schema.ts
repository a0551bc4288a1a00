/**
 * What a file of JSON has to be, by a schema in `spec/`.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { packageFolder } from "../../spec/package.ts";
import { type InputFile, place } from "./input.ts";
import { UsageError } from "./streams.ts";

/**
 * Checks a value by a schema.
 *
 * @param value - What the file has given.
 * @param name - Of the schema: `spec/NAME.schema.json`.
 * @param file - The file, for the message.
 * @returns The value.
 * @throws UsageError with the first fault, and where it is.
 */
export function requireShape<Shape>(value: unknown, name: "plan" | "scenario", file: InputFile): Shape {
  const path = `spec/${name}.schema.json`;
  const hasShape = new Ajv2020({ strict: true }).compile<Shape>(
    JSON.parse(readFileSync(join(packageFolder, path), "utf8")),
  );
  if (hasShape(value)) return value;
  const { instancePath, keyword, message, params } = hasShape.errors![0]!;
  const unknown = params.additionalProperty === undefined ? "" : `: ${params.additionalProperty}`;
  const fault = keyword === "false schema" ? "has no place in this mode" : `${message}${unknown}`;
  throw new UsageError(`${place(file)}: ${instancePath || "it"} ${fault}; ${path} says what is to be there`);
}
