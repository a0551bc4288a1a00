/**
 * The records of a stream, a line each: `xbzrle stream inspect --records`.
 */

import { quoteName, type RamRecord } from "../../index.ts";
import { asciiJson } from "./json.ts";
import { recordSize } from "./statistics.ts";
import { RecordVisitor } from "./visitor.ts";

/** Makes a line of each record, as text or as JSON. */
export class Listing extends RecordVisitor {
  readonly #pageSize: () => number;
  readonly #isJson: boolean;
  #text = "";

  /** Takes what gives the page size in bytes, and whether the lines are JSON. */
  constructor(pageSize: () => number, isJson: boolean) {
    super();
    this.#pageSize = pageSize;
    this.#isJson = isJson;
  }

  /** The lines since the last call. */
  takeText(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }

  record(record: RamRecord): void {
    const { streamOffset, kind, address, isContinued, block, fill } = record;
    const isOfPage = kind === "zero" || kind === "page" || kind === "xbzrle" || kind === "compressed";
    const line = {
      streamOffset,
      kind,
      byteCount: recordSize(record, this.#pageSize()),
      ...((isOfPage || kind === "block") && { block: block.name }),
      ...((isOfPage || kind === "memory-sizes") && { address }),
      ...(kind === "block" && { usedLength: block.usedLength }),
      ...(isOfPage && { isContinued }),
      ...(kind === "zero" && { fill }),
    };
    this.#text += this.#isJson ? `${asciiJson(line)}\n` : `${inWords(line)}\n`;
  }
}

/** Offset, kind, bytes, and what else there is. */
function inWords({ streamOffset, kind, byteCount, block, ...rest }: Readonly<Record<string, unknown>>): string {
  const head = `${String(streamOffset).padStart(12)}  ${String(kind).padEnd(14)} ${String(byteCount).padStart(6)} bytes`;
  const name = block === undefined ? "" : `  ${quoteName(block as string)}`;
  const address = (rest.address ?? rest.usedLength) === undefined ? "" : ` ${rest.address ?? rest.usedLength}`;
  const fill = rest.fill === undefined || rest.fill === 0 ? "" : ` fill ${rest.fill}`;
  return `${head}${name}${address}${rest.isContinued === true ? " continue" : ""}${fill}`;
}
