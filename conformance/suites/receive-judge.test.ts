import { describe, expect, test } from "vitest";
import { loadReceiveVectors } from "../../vectors/index.ts";
import type { Answer } from "../protocol.ts";
import { receiveCase } from "./receive-cases.ts";

const caseOf = (wanted: string) => receiveCase(loadReceiveVectors().find(({ id }) => id === wanted)!);
const page = (fill: number) => new Uint8Array(4096).fill(fill);
const sound = caseOf("record/pages/page-of-ones");
const unsound = caseOf("record/flags/hook");

describe("the answer of a receiver", () => {
  test.each<[what: string, answer: Answer, judgement: object]>([
    ["is right", { kind: "ram", pages: expectedPages() }, { kind: "pass" }],
    ["refuses", { kind: "malformed", reason: "" }, { kind: "fail", detail: "refused, but the stream is sound" }],
    [
      "lacks a page",
      { kind: "ram", pages: expectedPages().filter(({ page }) => page[0] !== 0xff) },
      { kind: "fail", requirement: "RECORD-18", difference: { what: "ram", expected: 0xff, got: 0 } },
    ],
    [
      "has a page too many",
      { kind: "ram", pages: [...expectedPages(), { address: 61_440, page: page(7) }] },
      { kind: "fail", difference: { what: "ram", offset: 61_440, expected: 0, got: 7 } },
    ],
    [
      "has a page outside",
      { kind: "ram", pages: [{ address: 65_536, page: page(7) }] },
      { kind: "fail", detail: "a page at offset 65536 of a RAM of 65536 bytes" },
    ],
  ])("to a sound stream %s", (_, answer, judgement) => {
    expect(sound.judge(answer)).toMatchObject(judgement);
  });

  test("to a malformed stream has to refuse it, by the requirement of its fault", () => {
    expect(unsound.judge({ kind: "malformed", reason: "" })).toEqual({ kind: "pass" });
    expect(unsound.judge({ kind: "ram", pages: [] })).toMatchObject({
      kind: "fail",
      level: "required",
      requirement: "RECORD-3",
      detail: expect.stringMatching(/^accepted, but the stream is malformed: hook-unexpected at stream byte \d+/),
    });
    expect(unsound.errorBreaks?.("assertion failed")).toBe("RECORD-3");
    expect(sound.errorBreaks?.("assertion failed")).toBeUndefined();
  });

  test("is shown where the RAM differs", () => {
    const { address } = expectedPages().find(({ page }) => page[0] === 0xff)!;
    const around = { what: "ram", offset: address + 32, expected: 0xff, got: 0 } as const;
    expect(sound.text(around).expected.join("\n")).toContain("page    32  ff ff");
    expect(sound.answerText({ kind: "ram", pages: [] }, around).join("\n")).toContain("page    32  00 00");
  });
});

/** What the vector of the sound stream expects. */
function expectedPages() {
  const { accept } = loadReceiveVectors().find(({ id }) => id === "record/pages/page-of-ones")!;
  return accept.flatMap((outcome) => (outcome.kind === "ram" ? outcome.pages : []));
}
