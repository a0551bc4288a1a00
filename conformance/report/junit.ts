/**
 * A run as JUnit XML, for the test tab of a CI system: one suite a section, one test a case that is known by name.
 */

import junit, { type Builder, type TestCase, type TestSuite } from "junit-report-builder";
import { isFailure, type Level, type Verdict } from "../harness/case.ts";
import { caseText, plain } from "./case-text.ts";
import { casesText, sectionOf } from "./counts.ts";
import { optionsText, reasonLines, scopeText, verdictSentence } from "./headline.ts";
import type { CaseReport, RunReport, SectionReport } from "./model.ts";
import { oneLine, printable } from "./printable.ts";

/** The package's types are those of an ES module, but it is a CommonJS module that exports the builder itself. */
const JUNIT = junit as unknown as Builder;

/** The suite that holds the verdict of the whole run. */
const RUN_SUITE = "run";

/** The report as JUnit XML, ended by a line end. */
export function junitText(report: RunReport): string {
  const builder = JUNIT.newBuilder().name(`XBZRLE conformance of ${oneLine(report.adapter.name)}`);
  const failures = new Map(report.failures.map((failure) => [failure.id, failure]));
  addRun(builder.testSuite(), report);
  for (const { section, counts } of report.sections) {
    const suite = builder.testSuite().name(section).timestamp(report.startedAt);
    const listed = Object.entries(report.cases).filter(([id]) => sectionOf(id) === section);
    for (const [id, verdict] of listed) {
      addCase(suite.testCase(), section, id, verdict, failures.get(id), report.options.level);
    }
    if (listed.length === 0) addDrawn(suite, { section, counts }, report);
  }
  return `${builder.build()}\n`;
}

/**
 * One test stands for the verdict: without it, a run that left cases out, or an adapter that broke between two cases, would be
 * all green in a tool that looks at tests alone.
 */
function addRun(suite: TestSuite, report: RunReport): void {
  const { adapter, suite: by, options, startedAt, durationMs } = report;
  suite.name(RUN_SUITE).timestamp(startedAt);
  const properties: Record<string, string> = {
    adapter: `${adapter.name} ${adapter.version}`,
    command: adapter.command.join(" "),
    "suite version": by.version,
    "protocol version": String(by.protocol),
    "vectors digest": by.vectors,
    seed: String(options.seed),
    "fuzz cases": String(options.fuzz),
    level: options.level,
    operations: options.operations.join(" "),
    options: optionsText(report),
    verdict: report.verdict,
    ...Object.fromEntries(Object.entries(report.counts).map(([verdict, count]) => [verdict, String(count)])),
  };
  for (const [name, value] of Object.entries(properties)) suite.property(name, oneLine(value));
  const test = suite
    .testCase()
    .className(RUN_SUITE)
    .name("is conformant")
    .time(durationMs / 1000);
  const sentence = verdictSentence(report);
  const body = [`${sentence} (${scopeText(report)})`, ...reasonLines(report)].join("\n");
  if (report.verdict === "conformant") test.standardOutput(cdata(body));
  else fail(test, sentence, report.verdict, body);
}

function addCase(
  test: TestCase,
  section: string,
  id: string,
  verdict: Verdict,
  failure: CaseReport | undefined,
  level: Level,
): void {
  test.className(section.replaceAll("/", ".")).name(id);
  if (failure === undefined) {
    if (verdict !== "pass") test.skipped().standardOutput(verdict);
    return;
  }
  // A known failure is skipped, with its reason: passed would hide it, failed would make a run red that is conformant but
  // for what is known. `unsupported` is skipped too, and the test of the whole run is red then.
  if (failure.known !== null) test.skipped().standardOutput(cdata(`known failure: ${failure.known}`));
  else if (verdict === "unsupported") test.skipped().standardOutput(cdata(failure.detail));
  else if (isFailure(verdict, level)) fail(test, messageOf(failure), verdict, caseText(failure, plain));
  else test.standardOutput(cdata(messageOf(failure)));
}

/** Drawn cases have no test each: one stands for those that passed, and one for each failure that was kept. */
function addDrawn(suite: TestSuite, { section, counts }: SectionReport, report: RunReport): void {
  const failures = report.failures.filter((failure) => failure.section === section);
  if (counts.pass !== 0)
    suite
      .testCase()
      .className(section)
      .name(`${casesText(counts.pass)} passed`);
  if (counts["not-run"] !== 0) {
    suite
      .testCase()
      .className(section)
      .name(`${casesText(counts["not-run"])} not run`)
      .skipped();
  }
  for (const failure of failures) {
    addCase(suite.testCase(), section, failure.id, failure.verdict, failure, report.options.level);
  }
}

/** A failure of a test. All verdicts are failures and none an `error`, because some tools show only one of the two. */
function fail(test: TestCase, message: string, type: string, body: string): void {
  test.failure(oneLine(message), type).stacktrace(cdata(body));
}

function messageOf({ broken, verdict, detail }: CaseReport): string {
  return oneLine(`${broken ?? verdict}: ${detail}`);
}

/** Text for a CDATA section. The builder splits only the first `]]>` of a text. */
function cdata(text: string): string {
  return printable(text).replaceAll("]]>", "]] >");
}
