/** What has to hold of families before they are written: the schema, and what a schema cannot say. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../../spec/package.ts";
import type { AnyFamilyText, VectorHeadText } from "../format.ts";
import { schemaFaults } from "../schema.ts";
import { sendFaults } from "../send.ts";

/** What is wrong with the families, one sentence each; none if all is well. */
export function faultsOf(families: readonly AnyFamilyText[]): string[] {
  return [
    ...families.flatMap((family) => schemaFaults(family).map((fault) => `${family.family}${fault}`)),
    ...repeatedIds(families),
    ...families.flatMap(noteFaults),
    ...families.flatMap(afterFaults),
    ...families.flatMap((family) => (family.chapter === "session" ? family.vectors.flatMap(sendFaults) : [])),
    ...unknownRequirements(families),
  ];
}

function repeatedIds(families: readonly AnyFamilyText[]): string[] {
  const seen = new Set<string>();
  return headsOf(families)
    .filter(({ id }) => seen.size === seen.add(id).size)
    .map(({ id }) => `${id} stands twice`);
}

function noteFaults({ family, notes, vectors }: AnyFamilyText): string[] {
  const used = new Set(vectors.flatMap((vector) => vector.flags ?? []));
  const missing = [...used]
    .filter((flag) => !Object.hasOwn(notes, flag))
    .map((flag) => `${family}: ${flag} has no note`);
  const unused = Object.keys(notes).filter((flag) => !used.has(flag));
  return [...missing, ...unused.map((flag) => `${family}: the note ${flag} is not used`)];
}

function afterFaults({ vectors }: AnyFamilyText): string[] {
  const earlier = new Set<string>();
  return vectors.flatMap(({ id, after }) => {
    const missing = (after ?? []).filter((before) => !earlier.has(before));
    earlier.add(id);
    return missing.map((before) => `${id} is asked after ${before}, which does not stand before it`);
  });
}

function unknownRequirements(families: readonly AnyFamilyText[]): string[] {
  const folder = join(packageFolder, "docs", "xbzrle");
  const chapters = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  const known = new Set([...chapters.join("\n").matchAll(/^\*\*([A-Z]+-\d+)\*\*/gm)].map((match) => match[1]));
  return headsOf(families).flatMap(({ id, requirements }) =>
    requirements.filter((requirement) => !known.has(requirement)).map((requirement) => `${id}: no ${requirement}`),
  );
}

function headsOf(families: readonly AnyFamilyText[]): readonly VectorHeadText[] {
  return families.flatMap(({ vectors }): readonly VectorHeadText[] => vectors);
}
