import { describe, expect, test } from "vitest";
import type { Case } from "../harness/case.ts";
import type { Operation } from "../protocol.ts";
import { ASKED_OPERATIONS } from "../suites/asked-requirements.ts";
import { checkReport } from "./check.ts";
import { fakeReport, fakeSuite } from "./fakes/report.ts";
import { scopeText } from "./headline.ts";

/** The report of a run in which all is asked, or only some operations, and what is offered passes but for some cases. */
function reportOf(
  offered: readonly Operation[],
  isUnsupported: (asked: Case) => boolean = () => false,
  operations: readonly Operation[] = ASKED_OPERATIONS,
) {
  return fakeReport({
    options: { operations },
    adapter: { operations: offered },
    outcome: (asked) => (offered.includes(asked.operation) && !isUnsupported(asked) ? "pass" : "unsupported"),
  });
}

const isCompressed = ({ section }: Case) => section.split("/").includes("compressed");

describe("an implementation is judged by what it claims to be", () => {
  test.each<[what: string, report: ReturnType<typeof reportOf>, verdict: string, scope: string]>([
    ["a codec", reportOf(["encode", "decode"]), "conformant", "encode and decode"],
    ["a receiver", reportOf(["receive"]), "conformant", "receive"],
    ["a sender", reportOf(["send"]), "conformant", "send"],
    ["a sender of some guests", reportOf(["send"], ({ section }) => section === "session/cache"), "incomplete", "send"],
    [
      "all of them",
      reportOf(["encode", "decode", "receive", "send"]),
      "conformant",
      "encode, decode, receive and send",
    ],
    ["both", reportOf(["encode", "decode", "receive"]), "conformant", "encode, decode and receive"],
    ["an encoder", reportOf(["encode"]), "incomplete", "encode and decode"],
    ["an encoder and receiver", reportOf(["encode", "receive"]), "incomplete", "encode, decode and receive"],
    ["a codec asked to receive", reportOf(["decode"], undefined, ["receive"]), "incomplete", "receive"],
    [
      "a receiver that is no decompressing receiver",
      reportOf(["receive"], isCompressed),
      "conformant",
      "receive (no compressed records)",
    ],
    [
      "a receiver of some compressed records",
      reportOf(["receive"], ({ section }) => section === "compressed/pages"),
      "incomplete",
      "receive",
    ],
    ["a receiver of nothing", reportOf(["receive"], () => true), "incomplete", "receive"],
  ])("%s", (_, report, verdict, scope) => {
    expect(report.verdict).toBe(verdict);
    expect(scopeText(report)).toContain(`${scope}, level required`);
    expect(checkReport(report, fakeSuite()).contradictions).toEqual([]);
    const isComplete = checkReport(report, fakeSuite()).gaps.length === 0;
    expect(isComplete).toBe(verdict === "conformant");
  });
});
