// Mutates the reference (Stryker), and fails if a mutant survives that survivors.json does not list with a reason, or
// if it lists one that does not survive. Stryker itself fails if the score is too low.
// The report is kept in XBZRLE_ARTEFACTS, if that is set.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { Stryker } from "@stryker-mutator/core";

const artefacts = process.env.XBZRLE_ARTEFACTS;
const config = JSON.parse(readFileSync(".ci/stryker.json", "utf8"));
const results = await new Stryker({
  configFile: ".ci/stryker.json",
  tempDirName: mkdtempSync(join(tmpdir(), "xbzrle-mutants-")),
  ...(artefacts && {
    reporters: [...config.reporters, "html"],
    htmlReporter: { fileName: join(artefacts, "mutants-of-reference.html") },
  }),
}).runMutationTest();

const survivors = results.filter(({ status }) => status !== "Killed" && status !== "Timeout").map(survivorOf);
const listed = JSON.parse(readFileSync(".ci/survivors.json", "utf8")).filter(({ reason }) => reason);
const unlisted = without(survivors, listed);
const gone = without(listed, survivors);

for (const survivor of unlisted) {
  console.error(
    `${describe(survivor)} (line ${survivor.line}) was not killed (${survivor.status}). ` +
      "Add a test that kills it; if none can, list it in .ci/survivors.json with the reason.",
  );
}
for (const survivor of gone) {
  console.error(`${describe(survivor)} is listed, and does not survive. Take it out of .ci/survivors.json.`);
}
console.log(`${results.length} mutants; ${survivors.length} survive, ${unlisted.length} of them without a listed reason`);
if (0 < unlisted.length + gone.length) process.exitCode = 1;

/** Where a mutant is and what it changes: by function, since lines move. */
function survivorOf({ fileName, location: { start, end }, replacement, status }) {
  const lines = readFileSync(fileName, "utf8").split("\n");
  const original = lines.slice(start.line - 1, end.line);
  original[original.length - 1] = original.at(-1).slice(0, end.column - 1);
  original[0] = original[0].slice(start.column - 1);
  const heads = lines.slice(0, start.line).map((line) => /^(?:export )?function\*? (\w+)/.exec(line)?.[1]);
  return {
    file: relative("", fileName),
    function: heads.findLast((name) => name) ?? "",
    original: original.join("\n"),
    replacement,
    line: start.line,
    status,
  };
}

/** The survivors of one list that are not in the other, each as often as it is missing. */
function without(survivors, others) {
  const rest = others.map(describe);
  return survivors.filter((survivor) => {
    const index = rest.indexOf(describe(survivor));
    if (0 <= index) rest.splice(index, 1);
    return index < 0;
  });
}

/** A survivor as text, the same for a listed one and one that was found. */
function describe(survivor) {
  return `${survivor.file}, ${survivor.function}: ${survivor.original} -> ${survivor.replacement}`;
}
