/**
 * Whether reports are those of all shards of one run.
 */

import { isDeepStrictEqual } from "node:util";
import { parseShard, shardText } from "../suites/shard.ts";
import { checkReport, type InstalledSuite } from "./check.ts";
import type { NamedReport, RunReport } from "./model.ts";

/** The reports are not those of all shards of one run; the message says why, and what to do. */
export class UnmergeableError extends Error {
  override readonly name = "UnmergeableError";
}

/** The reports in the order of their shards. Throws {@link UnmergeableError}. */
export function orderedShards(reports: readonly NamedReport[], installed: InstalledSuite): readonly RunReport[] {
  for (const named of reports) checkAlone(named, installed);
  const [first, ...others] = reports as readonly [NamedReport, ...NamedReport[]];
  for (const other of others) checkAlike(first, other);
  return inOrder(reports);
}

/** A report that stands for a shard, made with the vectors that are installed, and whole. */
function checkAlone({ path, report }: NamedReport, installed: InstalledSuite): void {
  const { options, suite } = report;
  if (options.shard === null) {
    throw new UnmergeableError(`${path} is the report of a whole run; merge takes what run --shard I/N has written`);
  }
  if (suite.vectors !== installed.digest) {
    const digests = `${path} was made with the vectors ${suite.vectors}, and ${installed.digest} are installed`;
    throw new UnmergeableError(`${digests}; merge with xbzrle-conformance ${suite.version}, or run all shards again`);
  }
  const [contradiction] = checkReport(report, installed).contradictions;
  if (contradiction === undefined) return;
  throw new UnmergeableError(
    `${path} contradicts itself: ${contradiction}; see check-report, and run this shard again`,
  );
}

/** What has to be the same in all shards, in words, and what to do where it is not. */
const SAME: readonly (readonly [what: string, of: (report: RunReport) => unknown, advice: string])[] = [
  ["the implementation", ({ adapter }) => adapter.name, "one run is about one implementation"],
  ["the implementation's version", ({ adapter }) => adapter.version, "run all shards of one version"],
  ["the operations that it offers", ({ adapter }) => adapter.operations, "build the adapter alike everywhere"],
  ["the adapter's command", ({ adapter }) => adapter.command, "run the same command everywhere"],
  ["the suite's version", ({ suite }) => suite.version, "install the same version everywhere"],
  ["the protocol's version", ({ suite }) => suite.protocol, "install the same version everywhere"],
  ["--seed", ({ options }) => options.seed, "give every shard the same"],
  ["--fuzz", ({ options }) => options.fuzz, "give every shard the same"],
  ["--exhaustive", ({ options }) => options.exhaustive, "give it to every shard or to none"],
  ["--level", ({ options }) => options.level, "give every shard the same"],
  ["--operation", ({ options }) => options.operations, "give every shard the same"],
  ["--run", ({ options }) => options.run, "give every shard the same"],
  ["--skip", ({ options }) => options.skip, "give every shard the same"],
  ["--timeout (ms)", ({ options }) => options.timeoutMs, "give every shard the same"],
  ["--window", ({ options }) => options.window, "give every shard the same"],
  ["--fail-fast", ({ options }) => options.failFast, "give it to every shard or to none"],
  ["--known-failures", ({ options }) => options.knownFailures, "give every shard the same"],
  [
    "the entries of the file of known failures",
    ({ evidence }) => evidence.knownFailures.map(({ pattern }) => pattern),
    "give every shard the same file",
  ],
  ["the number of shards", ({ options }) => parseShard(options.shard!)!.count, "merge the shards of one run"],
];

function checkAlike(first: NamedReport, other: NamedReport): void {
  for (const [what, of, advice] of SAME) {
    const [expected, found] = [of(first.report), of(other.report)];
    if (isDeepStrictEqual(found, expected)) continue;
    const values = `is ${JSON.stringify(found)} in ${other.path} and ${JSON.stringify(expected)} in ${first.path}`;
    throw new UnmergeableError(`the reports are of different runs: ${what} ${values}; ${advice}`);
  }
}

function inOrder(reports: readonly NamedReport[]): RunReport[] {
  const byNumber = new Map<number, NamedReport>();
  for (const named of reports) {
    const shard = named.report.options.shard!;
    const { number } = parseShard(shard)!;
    const earlier = byNumber.get(number);
    if (earlier) {
      throw new UnmergeableError(
        `${earlier.path} and ${named.path} are both ${shardText(shard)}; give each shard once`,
      );
    }
    byNumber.set(number, named);
  }
  const { count } = parseShard(reports[0]!.report.options.shard!)!;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const missing = numbers.filter((number) => !byNumber.has(number)).map((number) => `${number}/${count}`);
  if (missing.length !== 0) {
    throw new UnmergeableError(
      `no report of shard ${missing.join(", ")}; merge takes the reports of all ${count} shards`,
    );
  }
  return numbers.map((number) => byNumber.get(number)!.report);
}
