import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readMatrix } from "../conformance/mutants/matrix-text.ts";
import { receiverMatrix } from "../conformance/mutants/receiver-matrix.ts";
import { senderMatrix } from "../conformance/mutants/sender-matrix.ts";
import { DELTA_FAULTS, STREAM_FAULTS } from "../reference/errors.ts";
import {
  loadReceiveVectors,
  loadSendVectors,
  loadVectors,
  type ReceiveVector,
  type SendVector,
  type Vector,
} from "../vectors/index.ts";
import { type Ledger, ledgerFaults, loadLedger, nextLedger } from "./ledger.ts";
import { packageFolder } from "./package.ts";
import { chapterRequirements, extractRequirements, loadRequirements, type Requirement } from "./requirements.ts";

/** Requirements that no line of the reference does, and why. */
const NOT_IN_CODE: Readonly<Record<string, string>> = {
  "SESSION-13": "binds senders that go over to postcopy; the reference's does not",
  "RELAY-17": "nothing in the relay does what it forbids",
};

describe("requirements", () => {
  test("stand in requirements.json as they stand in the chapters (npm run requirements)", () => {
    expect([...loadRequirements().values()]).toEqual(extractRequirements());
  });

  test("have ids that are numbered from 1 without a gap in each chapter", () => {
    for (const chapter of new Set(extractRequirements().map(({ chapter }) => chapter))) {
      const ids = extractRequirements().filter((entry) => entry.chapter === chapter);
      const prefix = chapter === "compressed" ? "COMP" : chapter.toUpperCase();
      expect(ids.map(({ id }) => id)).toEqual(ids.map((_, index) => `${prefix}-${index + 1}`));
    }
  });

  test("stand in the ledger of all ids ever given out, with their text (npm run requirements)", () => {
    expect(loadLedger()).toEqual(nextLedger(loadLedger(), extractRequirements()));
  });

  test("keep their ids: none is renumbered, reused or dropped", () => {
    const chapter = (...texts: string[]) => chapterRequirements("x", texts.join("\n\n"));
    const [one, two, three] = ["A decoder MUST do one.", "A decoder MUST do two.", "A decoder MUST do three."];
    const ledger = nextLedger({}, chapter(`**X-1** ${one}`, `**X-2** ${two}`));
    expect(ledgerFaults(ledger, chapter(`**X-1** ${one}`))[0]).toContain("X-2 has gone");
    const swapped = ledgerFaults(ledger, chapter(`**X-1** ${two}`, `**X-2** ${one}`));
    expect(swapped).toEqual([
      expect.stringContaining("X-1 has the text of X-2"),
      expect.stringContaining("X-2 has the"),
    ]);
    const withdrawn = nextLedger(ledger, chapter(`**X-1** ${one}`, "**X-2** Withdrawn."));
    expect(withdrawn["X-2"]).toMatchObject({ status: "withdrawn", digests: [expect.any(String), expect.any(String)] });
    expect(() => nextLedger(withdrawn, chapter(`**X-1** ${one}`, `**X-2** ${three}`))).toThrow("X-2 was withdrawn");
  });

  test("are one paragraph with one key word and the class that they bind", () => {
    expect(() => chapterRequirements("x", "**X-1** A decoder MUST do this and MAY do that.")).toThrow("2 key words");
    expect(() => chapterRequirements("x", "**X-1** A decoder does this.")).toThrow("0 key words");
    expect(() => chapterRequirements("x", "**X-1** Decoders MUST do this.")).toThrow("class");
  });

  test("are the only paragraphs with key words, but for the one that explains the key words", () => {
    for (const chapter of ["README", "delta", "record", "stream", "session", "compressed", "relay"]) {
      const markdown = readFileSync(join(packageFolder, `docs/xbzrle/${chapter}.md`), "utf8");
      const stray = markdown
        .split(/\n{2,}/)
        .filter((text) => /\b(MUST|SHOULD|MAY)\b/.test(text) && !text.startsWith("**"))
        .filter(
          (text) => !text.includes("BCP 14") && !text.startsWith("|") && !/\b(?:MUST|SHOULD) that\b|no MUST/.test(text),
        );
      expect(stray).toEqual([]);
    }
  });

  test("are named in the code of the reference, each above the line that does it", () => {
    const folders = [
      "delta",
      "record",
      "stream",
      "session",
      "session/cache",
      "compressed",
      "relay",
      "migration",
      "commands/relay",
    ].map((chapter) => `reference/${chapter}`);
    const files = folders.flatMap((folder) =>
      readdirSync(join(packageFolder, folder))
        .filter((name) => name.endsWith(".ts") && !name.includes(".test."))
        .map((name) => `${folder}/${name}`),
    );
    const code = [...files, "reference/errors.ts"]
      .map((file) => readFileSync(join(packageFolder, file), "utf8"))
      .join("\n");
    // A range such as "RECORD-1 to RECORD-33" names its ends only.
    const named = code.replaceAll(/[A-Z]+-\d+ to [A-Z]+-\d+/g, "");
    const unnamed = extractRequirements().filter(({ id }) => !new RegExp(`${id}\\b`).test(named));
    expect(unnamed.map(({ id }) => id).filter((id) => !Object.hasOwn(NOT_IN_CODE, id))).toEqual([]);
    expect(Object.keys(NOT_IN_CODE).filter((id) => new RegExp(`${id}\\b`).test(named))).toEqual([]);
  });
});

describe("a MUST", () => {
  const requirements = extractRequirements();
  const ledger = loadLedger();
  const vectors = [...loadVectors(), ...loadReceiveVectors(), ...loadSendVectors()];
  const isolating = new Map([
    ...readMatrix().requirements.map(({ id, first }) => [id, first] as const),
    ...receiverMatrix().map(({ breaks, isolating }) => [breaks, isolating] as const),
    ...senderMatrix()
      .filter(({ name, requirement }) => name === requirement)
      .map(({ requirement, isolating }) => [requirement, isolating] as const),
  ]);
  const evidenced = { requirements, ledger, vectors, isolating };

  test("has a vector that satisfies it and one that violates it, or a written reason", () => {
    expect(untraced(evidenced)).toEqual([]);
  });

  test("that has a reason instead, which names a test, is named there", () => {
    const unnamed = Object.entries(ledger).filter(([id, { untested = "" }]) => {
      const [file] = /\S+\.test\.ts/.exec(untested) ?? [];
      if (file === undefined) return false;
      return !namesRequirement(readFileSync(join(packageFolder, file), "utf8"), id);
    });
    expect(unnamed.map(([id]) => id)).toEqual([]);
  });

  test.each<[string, Partial<Evidence>, string]>([
    [
      "no vector that names it",
      { vectors: vectors.filter(({ requirements }) => !requirements.includes("DELTA-20")) },
      "DELTA-20: no vector satisfies it, and none violates it",
    ],
    [
      "only vectors of the other direction",
      { vectors: vectors.filter(({ operation }) => operation === "encode") },
      "DELTA-1: no vector satisfies it, and none violates it",
    ],
    [
      "no isolating vector",
      { isolating: new Map([...isolating].filter(([id]) => id !== "DELTA-23")) },
      "DELTA-23: none violates it",
    ],
    [
      "an isolating vector whose delta has another fault",
      { isolating: new Map([...isolating, ["DELTA-14", isolating.get("DELTA-17")!]]) },
      "DELTA-14: none violates it",
    ],
    ["a reason and vectors", { ledger: reasoned(ledger, "DELTA-14") }, "DELTA-14: has vectors, and a reason for none"],
  ])("fails with %s", (_, changed, fault) => {
    expect(untraced({ ...evidenced, ...changed })).toContain(fault);
  });

  test("passes with a reason in the ledger, which stays there when the ledger is written", () => {
    const without = { ...evidenced, vectors: vectors.filter(({ requirements }) => !requirements.includes("DELTA-20")) };
    const given = nextLedger(reasoned(ledger, "DELTA-20"), requirements);
    expect(untraced({ ...without, ledger: given })).toEqual([]);
  });
});

/** Whether a text has the id, alone or in a range such as "SESSION-3 to SESSION-8". */
function namesRequirement(text: string, id: string): boolean {
  const [, chapter, number] = /^(.+)-(\d+)$/.exec(id) as unknown as [string, string, string];
  const ranges = [...text.matchAll(new RegExp(`${chapter}-(\\d+)(?: to ${chapter}-(\\d+))?\\b`, "g"))];
  return ranges.some(([, first, last = first]) => Number(first) <= Number(number) && Number(number) <= Number(last));
}

/** A vector of any operation. */
type AnyVector = Vector | ReceiveVector | SendVector;

/** What says whether a requirement is shown. */
interface Evidence {
  readonly requirements: readonly Requirement[];
  readonly ledger: Ledger;
  readonly vectors: readonly AnyVector[];
  /** Ids of vectors which the breaking of this requirement fails, and of no other one; from the kill matrix. */
  readonly isolating: ReadonlyMap<string, readonly string[]>;
}

/** Every MUST that is not shown as docs/contributing.md says, and every reason that has become idle, a sentence each. */
function untraced({ requirements, ledger, vectors, isolating }: Evidence): string[] {
  const binding = requirements.filter(({ level }) => level?.startsWith("MUST"));
  return binding.flatMap((requirement) => {
    const { id } = requirement;
    const naming = vectors.filter((vector) => vector.requirements.includes(id));
    const missing = [
      naming.some((vector) => satisfies(vector, requirement)) ? [] : ["no vector satisfies it"],
      naming.some((vector) => (isolating.get(id) ?? []).includes(vector.id) && violates(vector, requirement))
        ? []
        : ["none violates it"],
    ].flat();
    if (ledger[id]?.untested === undefined) return missing.length === 0 ? [] : [`${id}: ${missing.join(", and ")}`];
    return missing.length === 0 ? [`${id}: has vectors, and a reason for none`] : [];
  });
}

/** Whether the vector asks the class that is bound, and recommends an outcome of the kind that the requirement asks for. */
function satisfies({ operation, accept }: AnyVector, requirement: Requirement): boolean {
  const kind = askedKind(requirement);
  const outcomes: readonly { readonly level: string; readonly kind: string }[] = accept;
  return (
    BOUND[operation].includes(requirement.class ?? "") &&
    outcomes.some((each) => each.level === "recommended" && each.kind === kind)
  );
}

/** The classes that an operation asks. */
const BOUND = {
  encode: ["encoder"],
  decode: ["decoder"],
  receive: ["receiver", "decompressing receiver"],
  send: ["sender"],
};

/** Every fault, and the requirement that has it refused. */
const FAULTS: Readonly<Record<string, string>> = { ...DELTA_FAULTS, ...STREAM_FAULTS };

/** Whether the delta or stream itself has the one fault that the requirement has refused. Where it has none to refuse, a mutant violates it. */
function violates(vector: AnyVector, requirement: Requirement): boolean {
  if (askedKind(requirement) !== "malformed") return true;
  return vector.accept.some((outcome) => "fault" in outcome && FAULTS[outcome.fault ?? ""] === requirement.id);
}

function askedKind({ class: bound, text }: Requirement): string {
  if (bound === "decoder") return text.includes("MUST refuse") ? "malformed" : "page";
  if (bound === "sender") return "stream";
  if (bound?.endsWith("receiver")) return text.includes("MUST refuse") ? "malformed" : "ram";
  return /MUST report `(unchanged|overflow)`/.exec(text)?.[1] ?? "delta";
}

function reasoned(ledger: Ledger, id: string): Ledger {
  return { ...ledger, [id]: { ...ledger[id]!, untested: "There is no way to ask for it." } };
}
