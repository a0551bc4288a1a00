/** Family `real-pages`: pairs of pages from the memory of guests that were running, captured into `vectors/bin/real`. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../../../spec/package.ts";
import { readCapture, type StoredPagePair } from "../../capture/read.ts";
import type { Provenance } from "../../capture/stored-format.ts";
import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { canonicalDelta, changedPairs } from "../spell.ts";

const SUFFIX = ".pages.gz";
/** The room that QEMU gives an encoder: a page. */
const CAPACITY = 4096;

/** The vectors of the family; none if nothing was captured. Rejects if the pages are not those of their provenance. */
export async function realPages(): Promise<FamilyText> {
  const family = new Family("real-pages");
  const folder = join(packageFolder, "vectors", "bin", "real");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(SUFFIX)) : [];
  for (const name of names.sort()) {
    const { provenance, pagePairs } = await readCapture(folder, name.slice(0, -SUFFIX.length));
    pagePairs.forEach((pair, index) => {
      ask(family, provenance, pair, index);
    });
  }
  return family.text();
}

function ask(family: Family, provenance: Provenance, pair: StoredPagePair, index: number): void {
  const oldPage = Uint8Array.from(pair.oldPage);
  const newPage = Uint8Array.from(pair.newPage);
  const delta = canonicalDelta(oldPage, newPage) ?? new Uint8Array(0);
  const runs = changedPairs(oldPage, newPage).length;
  const what = `${describe(provenance, pair)}, ${runs} runs in a delta of ${delta.length} bytes`;
  const request = { flags: ["real-page"], oldPage, newPage };
  family.encode(`${provenance.guest}-${index}-encode`, {
    shows: encodeShows(delta.length),
    why: `An encoder that fails would have lost the guest's page: ${what}.`,
    capacity: CAPACITY,
    ...request,
  });
  if (0 < delta.length) {
    family.decode(`${provenance.guest}-${index}-decode`, {
      shows: [8, 5, 6, 7],
      why: `A decoder that fails would have given the guest a wrong page: ${what}.`,
      delta,
      ...request,
    });
  }
}

function describe({ guest, moments }: Provenance, { address, oldMoment, newMoment }: StoredPagePair): string {
  const from = moments[oldMoment]?.name;
  const to = moments[newMoment]?.name;
  return `0x${address.toString(16)} of ${guest} from "${from}" to "${to}"`;
}

function encodeShows(deltaLength: number): number[] {
  if (deltaLength === 0) {
    return [20];
  }
  return deltaLength <= CAPACITY ? [23, 25, 26] : [29, 26, 23];
}
