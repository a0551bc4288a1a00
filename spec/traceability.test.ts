import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ledgerFaults, loadLedger, nextLedger } from "./ledger.ts";
import { packageFolder } from "./package.ts";
import { chapterRequirements, extractRequirements, loadRequirements } from "./requirements.ts";

describe("requirements", () => {
  test("stand in requirements.json as they stand in the chapters (npm run requirements)", () => {
    expect([...loadRequirements().values()]).toEqual(extractRequirements());
  });

  test("have ids that are numbered from 1 without a gap in each chapter", () => {
    for (const chapter of new Set(extractRequirements().map(({ chapter }) => chapter))) {
      const ids = extractRequirements().filter((entry) => entry.chapter === chapter);
      const prefix = chapter.toUpperCase();
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
    for (const chapter of ["README", "delta"]) {
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
    const files = ["length", "encode", "decode", "runs"].map((name) => `reference/delta/${name}.ts`);
    const code = [...files, "reference/errors.ts"]
      .map((file) => readFileSync(join(packageFolder, file), "utf8"))
      .join("\n");
    for (const { id } of extractRequirements()) expect(code).toMatch(new RegExp(`${id}\\b`));
  });
});
