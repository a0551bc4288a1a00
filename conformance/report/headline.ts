/**
 * A run in a few sentences, the same in every report.
 */

import { fuzzText } from "../suites/fuzz-ids.ts";
import { shardText } from "../suites/shard.ts";
import { claimedOperations, claimText } from "./claims.ts";
import { casesText, failureCount } from "./counts.ts";
import type { RunReport } from "./model.ts";
import { oneLine, shellWord } from "./printable.ts";

/** `python-example is conformant`, known failures, and what an incomplete run has found all the same. */
export function verdictSentence({ adapter, verdict, counts, options }: RunReport): string {
  const failures = verdict === "incomplete" ? failureCount(counts, options.level) : 0;
  const found = failures === 0 ? "" : `, and ${casesText(failures)} failed before the run stopped`;
  const known = counts.known === 1 ? "1 known failure" : `${counts.known} known failures`;
  const aside = verdict === "conformant" ? ` but for ${known}` : ` (${known} aside)`;
  return `${oneLine(adapter.name)} is ${verdict}${counts.known === 0 ? "" : aside}${found}`;
}

/** What the verdict is about, and the counts behind it. */
export function scopeText(report: RunReport): string {
  const { options, counts, durationMs } = report;
  const passed = counts.pass + (options.level === "required" ? counts["not-recommended"] : 0);
  const sum = `${passed} passed, ${failureCount(counts, options.level)} failed`;
  const shard = options.shard === null ? "" : `, ${shardText(options.shard)}`;
  return `${claimText(report)}, level ${options.level}${shard}: ${sum} in ${(durationMs / 1000).toFixed(1)} s`;
}

/** The reasons of the verdict, and what the user can do about operations that are not offered. */
export function reasonLines(report: RunReport): string[] {
  const { reasons, adapter } = report;
  const claimed = claimedOperations(report);
  const missing = claimed.filter((operation) => !adapter.operations.includes(operation));
  const offer = claimed.filter((operation) => adapter.operations.includes(operation));
  const advice = `the adapter does not offer ${missing.join(", ")}; --operation ${offer.join(" --operation ")} asks for the rest alone`;
  return [...reasons.map(oneLine), ...(missing.length === 0 || offer.length === 0 ? [] : [advice])];
}

/** Who asked, with what. */
export function suiteText({ suite, options }: Pick<RunReport, "suite" | "options">): string {
  const { fuzz: count, operations, seed } = options;
  const fuzz = `${fuzzText(count, operations)}${count === 0 ? "" : ` with seed ${seed}`}`;
  return `xbzrle-conformance ${suite.version}, protocol ${suite.protocol}, vectors ${suite.vectors}, ${fuzz}`;
}

/** Who was asked. */
export function adapterText({ adapter }: Pick<RunReport, "adapter">): string {
  const operations = adapter.operations.join(", ");
  return oneLine(`${adapter.name} ${adapter.version} (${operations}): ${adapter.command.map(shellWord).join(" ")}`);
}

/** The options that are not as they are unless told, as words of a command line. */
export function optionsText({ options }: Pick<RunReport, "options">): string {
  const { run, skip, exhaustive, shard, failFast, knownFailures } = options;
  return [
    ...run.map((pattern) => `--run ${shellWord(pattern)}`),
    ...skip.map((pattern) => `--skip ${shellWord(pattern)}`),
    ...(exhaustive ? ["--exhaustive"] : []),
    ...(shard === null ? [] : [`--shard ${shard}`]),
    ...(failFast ? ["--fail-fast"] : []),
    ...(knownFailures === null ? [] : [`--known-failures ${shellWord(knownFailures)}`]),
  ].join(" ");
}
