/** Streams for tests of the command: a guest of few pages, sent in rounds. */

import { newRecord, type RamBlock } from "../../../record/record.ts";
import { endItem, RAM, startStream } from "../../../relay/fakes/streams.ts";
import { StreamWriter } from "../../../stream/write.ts";

/** The size of a page. */
export const PAGE_SIZE = 4096;

const PAGE_COUNT = 64;

/** The one block of the guest. */
export const BLOCK: RamBlock = {
  name: "ram",
  usedLength: PAGE_COUNT * PAGE_SIZE,
  pageSize: undefined,
  address: undefined,
};

/** Spells a stream of rounds, each with all pages; a page is its number, and in the first bytes that of the round. */
export function spellRounds(roundCount: number, fill: (page: number, round: number) => Uint8Array): Buffer[] {
  const pieces: Buffer[] = [];
  const writer = new StreamWriter((piece) => pieces.push(Buffer.from(piece)));
  startStream(writer, PAGE_SIZE, [BLOCK]);
  for (let round = 1; round <= roundCount; round++) {
    writer.section(RAM, round === roundCount ? "last" : "part");
    for (let page = 0; page < PAGE_COUNT; page++) {
      const isContinued = writer.continues(BLOCK);
      const bytes = fill(page, round);
      writer.record({
        ...newRecord(),
        kind: "page",
        block: BLOCK,
        address: page * PAGE_SIZE,
        isContinued,
        bytes,
        end: PAGE_SIZE,
      });
    }
    endItem(writer);
  }
  writer.end();
  writer.description(2);
  writer.payload(Uint8Array.from([123, 125]), 0, 2);
  writer.flush();
  return pieces;
}
