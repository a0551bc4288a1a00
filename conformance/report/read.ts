/**
 * Reads a report back from JSON: the inverse of `json.ts`.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { packageFolder } from "../../spec/package.ts";
import { parseShard } from "../suites/shard.ts";
import type { RunReport } from "./model.ts";

/** A text is no report; the message says why. */
export class UnreadableReportError extends Error {
  override readonly name = "UnreadableReportError";
}

let compiled: ValidateFunction<RunReport> | undefined;

/** The report that `jsonText` has written. Throws {@link UnreadableReportError} for a text that is none by `spec/report.schema.json`. */
export function readReport(text: string): RunReport {
  if (text === "") throw new UnreadableReportError("it is empty: the run that was to write it did not end");
  const report = parse(text);
  compiled ??= compile();
  if (compiled(report)) return checkedShard(report);
  throw new UnreadableReportError(compiled.errors?.map(errorText)[0] ?? "it is none by spec/report.schema.json");
}

/** What the schema cannot say: that a shard is one of as many as there are. */
function checkedShard(report: RunReport): RunReport {
  const { shard } = report.options;
  if (shard === null || parseShard(shard)) return report;
  throw new UnreadableReportError(`options/shard is ${shard}, and there is no such shard`);
}

function errorText({ instancePath, message, params }: ErrorObject): string {
  const property = typeof params.additionalProperty === "string" ? ` (${params.additionalProperty})` : "";
  return `${instancePath === "" ? "it" : instancePath.slice(1)} ${message}${property}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableReportError((error as Error).message);
  }
}

function compile(): ValidateFunction<RunReport> {
  const schema = JSON.parse(readFileSync(join(packageFolder, "spec/report.schema.json"), "utf8"));
  return new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false }).compile<RunReport>(schema);
}
