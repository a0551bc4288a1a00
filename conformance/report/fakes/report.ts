/**
 * Reports of runs in which nobody was asked: a test says what each case is to have come to.
 */

import type { Case, CaseResult, Verdict } from "../../harness/case.ts";
import type { Ending } from "../../harness/run.ts";
import type { Answer, Request } from "../../protocol.ts";
import type { KnownFailureUse } from "../../suites/known-failures.ts";
import { drawnCases, planRun } from "../../suites/plan.ts";
import { type InstalledSuite, installedSuite } from "../check.ts";
import { composeReport } from "../compose.ts";
import type { RunOptions, RunReport } from "../model.ts";
import { type FindKnown, Recorder } from "../recorder.ts";

/** What a case came to; a pass where nothing is given, and nothing at all for `not-run`. */
export type Outcome = Omit<CaseResult, "case"> | Verdict | undefined;

/** What is not as in a run that asks everything, with 20 fuzz cases, and passes. */
export interface FakeRun {
  readonly options?: Partial<RunOptions>;
  readonly adapter?: Partial<Ending["hello"]>;
  readonly ending?: Partial<Omit<Ending, "hello">>;
  readonly outcome?: (asked: Case, index: number) => Outcome;
  /** Why the failure of a case is known. */
  readonly known?: (id: string) => string | undefined;
  readonly uses?: readonly KnownFailureUse[];
}

let installed: InstalledSuite | undefined;

/** The suite that the reports are of, loaded once. */
export function fakeSuite(): InstalledSuite {
  installed ??= installedSuite();
  return installed;
}

/** The report of such a run. */
export function fakeReport(run: FakeRun = {}): RunReport {
  const options: RunOptions = { ...OPTIONS, ...run.options };
  const suite = fakeSuite();
  const plan = planRun(options, suite.vectors);
  const findKnown: FindKnown = ({ case: asked, verdict }) => (verdict === "pass" ? undefined : run.known?.(asked.id));
  const recorder = new Recorder(plan, findKnown);
  for (const [index, asked] of [...plan.asked, ...drawnCases(options)].entries()) {
    const outcome = run.outcome?.(asked, index) ?? "pass";
    if (outcome === "not-run") continue;
    const result = typeof outcome === "string" ? { verdict: outcome, detail: outcome } : outcome;
    recorder.record({ case: asked, ...result });
  }
  const report = composeReport({
    command: ["./fake adapter"],
    repeat: (id) => `npx xbzrle-conformance replay ${id} -- './fake adapter'`,
    options,
    vectors: suite.digest,
    recorder,
    ending: {
      hello: { name: "fake", version: "1.0", operations: ["encode", "decode"], ...run.adapter },
      restarts: 0,
      failedFast: false,
      ...run.ending,
    },
    leftOut: plan.leftOutCount,
    knownFailures: run.uses ?? [],
    startedAt: new Date("2025-01-31T12:00:00.000Z"),
  });
  return { ...report, durationMs: 1234 };
}

/** A failure with bytes to show: an encoder that has no room, a decoder that turns every bit of the old page, a receiver and a sender of nothing. */
export function failure(asked: Case, detail = "not what was expected"): Outcome {
  const { request } = asked;
  return { verdict: "fail", broken: asked.requirements[0]!, detail, answer: wrongAnswer(request), stderrTail: "" };
}

function wrongAnswer(request: Request): Answer {
  switch (request.operation) {
    case "encode":
      return { kind: "overflow" };
    case "decode":
      return { kind: "page", page: request.oldPage.map((byte) => byte ^ 0xff) };
    case "receive":
      return { kind: "ram", pages: [] };
    case "send":
      return { kind: "stream", stream: new Uint8Array(0) };
  }
}

const OPTIONS: RunOptions = {
  level: "required",
  operations: ["encode", "decode"],
  run: [],
  skip: [],
  fuzz: 20,
  seed: 1,
  timeoutMs: 10_000,
  window: 16,
  failFast: false,
  knownFailures: null,
  exhaustive: false,
  shard: null,
};
