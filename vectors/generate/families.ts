/** Every family. */

import type { FamilyText, ReceiveFamilyText, SendFamilyText } from "../format.ts";
import { compressedMalformed, compressedPages } from "./compressed/pages.ts";
import { capacity } from "./delta/capacity.ts";
import { crossings } from "./delta/crossings.ts";
import { edges } from "./delta/edges.ts";
import { isolating } from "./delta/isolating.ts";
import { lengths } from "./delta/lengths.ts";
import { lookalikes } from "./delta/lookalikes.ts";
import { malformed } from "./delta/malformed.ts";
import { manyRuns } from "./delta/many-runs.ts";
import { noncanonical } from "./delta/noncanonical.ts";
import { pageSizes } from "./delta/page-sizes.ts";
import { realPages } from "./delta/real-pages.ts";
import { runs } from "./delta/runs.ts";
import { stateful } from "./delta/stateful.ts";
import { values } from "./delta/values.ts";
import { addresses, blocks } from "./record/blocks.ts";
import { deltas } from "./record/deltas.ts";
import { flags } from "./record/flags.ts";
import { memorySizesFamily } from "./record/memory-sizes.ts";
import { pages } from "./record/pages.ts";
import { cache } from "./session/cache.ts";
import { guests } from "./session/guests.ts";
import { rounds } from "./session/rounds.ts";
import { commands, ends, headers, postcopy } from "./stream/frame.ts";
import { sections } from "./stream/sections.ts";

const GENERATORS = [
  lengths,
  pageSizes,
  edges,
  runs,
  crossings,
  values,
  capacity,
  malformed,
  noncanonical,
  manyRuns,
  stateful,
  lookalikes,
  isolating,
];

/** All families of the delta chapter that have vectors; `real-pages` has none where no guest was captured. The same sources give the same families. */
export async function generateFamilies(): Promise<FamilyText[]> {
  const families = [...GENERATORS.map((generate) => generate()), await realPages()];
  return families.filter(({ vectors }) => 0 < vectors.length);
}

/** All families for receivers. The same sources give the same families. */
export function generateReceiveFamilies(): ReceiveFamilyText[] {
  const ofRecords = [pages(), blocks(), addresses(), flags(), deltas(), memorySizesFamily()];
  const ofStreams = [headers(), sections(), commands(), postcopy(), ends()];
  return [...ofRecords, ...ofStreams, compressedPages(), compressedMalformed()];
}

/** All families for senders. The same sources give the same families. */
export function generateSendFamilies(): SendFamilyText[] {
  return [rounds(), cache(), guests()];
}
