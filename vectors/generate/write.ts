/** Writes a family as JSON: one vector a line, so that a diff shows which vectors changed. The same vectors give the same text. */

import type { AnyFamilyText } from "../format.ts";

/** The text of a family's file. */
export function writeFamily(family: AnyFamilyText): string {
  const { formatVersion, chapter, family: name, notes, vectors } = family;
  const notesText = JSON.stringify(notes, null, 2).replaceAll("\n", "\n  ");
  const lines = vectors.map((vector) => `    ${JSON.stringify(inOrder(vector))}`);
  return [
    "{",
    `  "formatVersion": ${formatVersion},`,
    `  "chapter": ${JSON.stringify(chapter)},`,
    `  "family": ${JSON.stringify(name)},`,
    `  "notes": ${notesText},`,
    '  "vectors": [',
    lines.join(",\n"),
    "  ]",
    "}",
    "",
  ].join("\n");
}

/** The id and the operation first, and then the rest as it stands. */
function inOrder(vector: AnyFamilyText["vectors"][number]): object {
  const { id, operation, ...rest } = vector;
  return { id, operation, ...rest };
}
