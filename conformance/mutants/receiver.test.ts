import { describe, expect, test } from "vitest";
import { loadLedger } from "../../spec/ledger.ts";
import { loadReceiveVectors } from "../../vectors/index.ts";
import { askedRequirements } from "../suites/asked-requirements.ts";
import { receiveCase } from "../suites/receive-cases.ts";
import { receiveBy } from "./receiver.ts";
import { RECEIVER_RULES_OFF } from "./receiver-rules-off.ts";

const RULES = Object.keys(RECEIVER_RULES_OFF);

/** The vectors that a receiver fails which breaks the rule, or none. */
function failed(broken: string | undefined): readonly Failed[] {
  return loadReceiveVectors().flatMap((vector) => {
    const asked = receiveCase(vector);
    const judgement = asked.judge(receiveBy(broken, asked.request));
    if (judgement.kind === "pass") return [];
    return [{ id: asked.id, isNamed: judgement.requirement === broken || asked.requirements.includes(broken ?? "") }];
  });
}

interface Failed {
  readonly id: string;
  /** True if the vector shows the rule, or is failed for it. */
  readonly isNamed: boolean;
}

describe("the rules of receivers switched off", () => {
  const failures = new Map(RULES.map((rule) => [rule, failed(rule)]));

  test("are every MUST that binds a receiver and has vectors", () => {
    const ledger = loadLedger();
    const binding = [...askedRequirements().values()].filter(({ id, class: bound, level }) => {
      return bound?.endsWith("receiver") && level?.startsWith("MUST") && ledger[id]?.untested === undefined;
    });
    expect(RULES).toEqual(binding.map(({ id }) => id));
  });

  test("are kept by the receiver without a mistake, which passes every vector", () => {
    expect(failed(undefined)).toEqual([]);
  });

  test.each(RULES)("%s: a vector that shows it fails the mutant", (rule) => {
    expect(failures.get(rule)!.filter(({ isNamed }) => isNamed)).not.toEqual([]);
  });

  test.each(RULES)("%s: an isolating vector fails this mutant and no other", (rule) => {
    const others = new Set(
      RULES.filter((other) => other !== rule).flatMap((other) => failures.get(other)!.map(({ id }) => id)),
    );
    expect(failures.get(rule)!.filter(({ id }) => !others.has(id))).not.toEqual([]);
  });
});
