import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadLedger } from "../../spec/ledger.ts";
import { packageFolder } from "../../spec/package.ts";
import { loadRequirements } from "../../spec/requirements.ts";
import type { SendRequest } from "../protocol.ts";
import { runConformance } from "../run.ts";
import { fuzzCases } from "../suites/fuzz.ts";
import { sendBy } from "./sender.ts";
import { senderFailures, senderMatrix, senderMatrixMarkdown, senderMatrixPage } from "./sender-matrix.ts";
import { SENDER_RULES_OFF, SENDER_VARIANTS, senderMutants } from "./sender-mistakes.ts";

const matrix = senderMatrix();

describe("the senders with a mistake", () => {
  test("switch off every MUST that binds a sender and has vectors", () => {
    const ledger = loadLedger();
    const binding = [...loadRequirements().values()].filter(({ id, class: bound, level }) => {
      return bound === "sender" && level?.startsWith("MUST") && ledger[id]?.untested === undefined;
    });
    const off = Object.keys(SENDER_RULES_OFF);
    expect(binding.map(({ id }) => id).filter((id) => !off.includes(id))).toEqual([]);
  });

  test("have names of their own, and say in a sentence what they do", () => {
    const all = [...senderMutants(), ...SENDER_VARIANTS];
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.filter(({ what }) => !/^[A-Z].*[.a-z0-9]$/.test(what)).map(({ name }) => name)).toEqual([]);
  });

  test.each(matrix)("$name: a vector that shows $requirement fails it at its level", ({ named }) => {
    expect(named).not.toEqual([]);
  });

  test.each(matrix.filter(({ name, requirement, level }) => name === requirement && level === "required"))(
    "$name: an isolating vector fails it, and no other MUST switched off",
    ({ isolating }) => {
      expect(isolating).not.toEqual([]);
    },
  );

  test.each(matrix.filter(({ level }) => level === "recommended"))("$name: every MUST is met", ({ name }) => {
    expect(senderFailures(name).filter(({ level }) => level === "required")).toEqual([]);
  });

  test("are shown for people too (npm run mutants)", () => {
    expect(readFileSync(senderMatrixPage, "utf8")).toBe(senderMatrixMarkdown(matrix));
  });
});

const SEED = 7;
/** How many guests are drawn, to find a mistake and to find none. */
const [GUEST_COUNT, SOUND_COUNT] = [600, 150];

/** The first drawn guest whose stream fails at the level required, or at any. */
function firstFailure(odd: string | undefined, level: "required" | "any", count: number) {
  for (const drawn of fuzzCases(count, SEED, ["send"])) {
    const judgement = drawn.judge(sendBy(odd, drawn.request as SendRequest));
    if (judgement.kind === "fail" && (level === "any" || judgement.level === "required")) return judgement;
  }
  return undefined;
}

describe("the sender without a mistake, and those that do what is allowed,", () => {
  test.each([undefined, ...SENDER_VARIANTS.map(({ name }) => name)])(
    "%s: pass every vector, and drawn guests",
    (name) => {
      expect(senderFailures(name)).toEqual([]);
      expect(firstFailure(name, "any", SOUND_COUNT)).toBeUndefined();
    },
  );
});

describe("drawn guests", () => {
  test("find each mistake without a vector", { timeout: 120_000 }, () => {
    const unnoticed = matrix.filter(({ name, level }) => {
      return firstFailure(name, level === "required" ? "required" : "any", GUEST_COUNT) === undefined;
    });
    expect(unnoticed.map(({ name }) => name)).toEqual([]);
  });
});

describe("a mutant of senders as an adapter", () => {
  const adapter = join(packageFolder, "dist/conformance/mutants/adapter.js");
  beforeAll(() => expect(existsSync(adapter), "npm run build").toBe(true));

  test.each([
    ["SESSION-1", 0, ["SESSION-1"]],
    ["SESSION-4", 1, ["SESSION-4"]],
    // Who takes an old copy for the receiver's page may leave out a page that is what it was before.
    ["SESSION-6", 5, ["SESSION-6", "SESSION-3"]],
    ["SESSION-8", 6, ["SESSION-8", "SESSION-3"]],
  ])(
    "that breaks %s is found by fuzzing, and a guest with at most %i rounds shows it",
    async (rule, roundCount, found) => {
      const command = [process.execPath, adapter, `sender/${rule}`];
      const options = { operations: ["send"], run: ["fuzz:*"], fuzz: 300, seed: SEED };
      const { verdict, failures } = await runConformance({ command, options });
      expect(verdict).toBe("nonconformant");
      const shrunk = failures.filter(({ asFound, broken }) => asFound !== null && found.includes(broken ?? ""));
      expect(shrunk.length).toBeGreaterThan(0);
      const least = Math.min(...shrunk.map(({ request }) => request.filter((line) => /^round /.test(line)).length));
      expect(least).toBeLessThanOrEqual(roundCount);
    },
  );
});
