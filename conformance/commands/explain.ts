/**
 * `xbzrle-conformance explain`: a case or a requirement in words.
 */

import { printOutput, type StandardStreams } from "../../reference/commands/streams.ts";
import { loadLedger } from "../../spec/ledger.ts";
import { loadRequirements, type Requirement } from "../../spec/requirements.ts";
import { vectorCases } from "../suites/vector-suite.ts";
import { findCase } from "./find-case.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";

/** Prints what is known of the case or of the requirement. */
export async function explainCommand(id: string, streams: StandardStreams): Promise<ExitStatus> {
  const requirements = loadRequirements();
  const requirement = requirements.get(id.toUpperCase());
  const lines = requirement ? explainRequirement(requirement) : explainCase(id, requirements);
  await printOutput(streams.stdout, `${lines.join("\n")}\n`);
  return EXIT_STATUS.conformant;
}

function explainRequirement({ id, chapter, anchor, class: bound, status, text }: Requirement): string[] {
  const cases = vectorCases().filter(({ requirements }) => requirements.includes(id));
  const first = cases.filter(({ requirements }) => requirements[0] === id);
  const families = new Map<string, number>();
  for (const { section } of cases) families.set(section, (families.get(section) ?? 0) + 1);
  return [
    `${id} (${bound ?? status})  docs/xbzrle/${chapter}.md#${anchor}`,
    "",
    text,
    "",
    cases.length === 0
      ? `No case shows it${untestedText(id)}.`
      : `${cases.length} cases show it, ${first.length} are about it first of all:`,
    ...[...families].map(([section, count]) => `  ${section}  ${count}`),
    ...first.slice(0, 5).map((shown) => `  ${shown.id}  ${shown.why}`),
  ];
}

/** Why there is no case, where that is written down. */
function untestedText(id: string): string {
  const reason = loadLedger()[id]?.untested;
  return reason === undefined ? "" : `: ${reason}`;
}

function explainCase(id: string, requirements: ReadonlyMap<string, Requirement>): string[] {
  const found = findCase(id);
  const { request, expected } = found.text();
  const before = found.before?.length ?? 0;
  return [
    `${found.id}`,
    "",
    found.why,
    "",
    ...found.requirements.map((shown) => `${shown}  ${requirements.get(shown)?.text ?? ""}`),
    "",
    "request:",
    ...(before === 0 ? [] : [`  after ${before} other requests to the same process`]),
    ...request.map((line) => `  ${line}`),
    "accepted:",
    ...expected.map((line) => `  ${line}`),
  ];
}
