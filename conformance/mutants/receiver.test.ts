import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadLedger } from "../../spec/ledger.ts";
import { askedRequirements } from "../suites/asked-requirements.ts";
import { receiverFailures, receiverMatrix, receiverMatrixMarkdown, receiverMatrixPage } from "./receiver-matrix.ts";

describe("the rules of receivers switched off", () => {
  const matrix = receiverMatrix();

  test("are every MUST that binds a receiver and has vectors", () => {
    const ledger = loadLedger();
    const binding = [...askedRequirements().values()].filter(({ id, class: bound, level }) => {
      return bound?.endsWith("receiver") && level?.startsWith("MUST") && ledger[id]?.untested === undefined;
    });
    expect(matrix.map(({ breaks }) => breaks)).toEqual(binding.map(({ id }) => id));
  });

  test("are kept by the receiver without a mistake, which passes every vector", () => {
    expect(receiverFailures(undefined)).toEqual([]);
  });

  test.each(matrix)("$breaks: a vector that shows it fails the mutant, and an isolating one no other", (row) => {
    expect(row.named).not.toEqual([]);
    expect(row.isolating).not.toEqual([]);
  });

  test("are shown for people too (npm run mutants)", () => {
    expect(readFileSync(receiverMatrixPage, "utf8")).toBe(receiverMatrixMarkdown(matrix));
  });
});
