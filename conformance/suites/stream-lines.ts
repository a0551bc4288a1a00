/**
 * A stream item by item and record by record, in lines that a person reads; and the fault that it has to be refused for.
 */

import {
  applyCompressed,
  MalformedStreamError,
  quoteName,
  type RamRecord,
  receiveStream,
  type Section,
  type SectionItem,
  StreamReader,
  type StreamVisitor,
  type Subsection,
  toHex,
} from "../../reference/index.ts";
import { RAM_PAGE_BYTES, type ReceiveRequest } from "../protocol.ts";

/** The machine type of the guest that the streams are for, and the name of its RAM block (docs/adapter.md). */
export const GUEST = { machine: "none", block: "ram" } as const;

/** How many lines of a stream are shown at most, of its begin and of its end. */
const BEGIN_LINES = 16;
const END_LINES = 10;
/** How many bytes of a page, a delta or a zlib stream are shown at most. */
const SHOWN_BYTES = 12;

/** Why the stream of a request has to be refused; nothing for one that the reference takes. */
export function streamFault({ stream, ramSize }: ReceiveRequest): MalformedStreamError | undefined {
  const blocks = new Map([[GUEST.block, new Uint8Array(ramSize)]]);
  return faultOf(() =>
    receiveStream([stream], { machine: GUEST.machine, pageSize: RAM_PAGE_BYTES, blocks }, applyCompressed),
  );
}

/** The lines of a stream, as far as it can be read, and then its fault; what is long is cut in the middle. */
export function streamLines(request: ReceiveRequest): string[] {
  const lines = new Lines();
  const reader = new StreamReader(lines, { pageSize: RAM_PAGE_BYTES });
  const unread = faultOf(() => {
    reader.push(request.stream);
    reader.end();
  });
  const fault = streamFault(request) ?? unread;
  const texts = [...lines.texts, ...(fault ? [`refused: ${fault.message}`] : [])];
  const leftOut = texts.length - BEGIN_LINES - END_LINES;
  if (leftOut <= 1) return texts;
  return [...texts.slice(0, BEGIN_LINES), `... ${leftOut} more lines`, ...texts.slice(-END_LINES)];
}

/** The fault that ends the reading or receiving of a stream; nothing if none does. */
export function faultOf(read: () => void): MalformedStreamError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof MalformedStreamError) return error;
    throw error;
  }
}

/** Writes down what a reader tells. */
class Lines implements StreamVisitor {
  readonly texts: string[] = [];

  configuration(machine: string, streamOffset: number): void {
    this.#add(streamOffset, `configuration ${quoteName(machine)}`);
  }

  subsection({ name, version, content }: Subsection, streamOffset: number): void {
    this.#add(streamOffset, `subsection ${quoteName(name)}, version ${version}, ${content.length} bytes`);
  }

  section({ name, id, instance, version }: Section, item: SectionItem, streamOffset: number): void {
    const detail = item === "start" || item === "full" ? ` ${quoteName(name)} ${instance}, version ${version}` : "";
    this.#add(streamOffset, `${item} of section ${id}${detail}`);
  }

  record(record: RamRecord): void {
    this.#add(record.streamOffset, `  ${recordText(record)}`);
  }

  payload(_bytes: Uint8Array, start: number, end: number, streamOffset: number): void {
    this.#add(streamOffset, `  ${end - start} bytes`);
  }

  footer({ id }: Section, streamOffset: number): void {
    this.#add(streamOffset, `footer ${id}`);
  }

  command(number: number, _bytes: Uint8Array, start: number, end: number, streamOffset: number): void {
    this.#add(streamOffset, `command ${number}, ${end - start} bytes`);
  }

  end(streamOffset: number): void {
    this.#add(streamOffset, "end");
  }

  description(byteCount: number, streamOffset: number): void {
    this.#add(streamOffset, `description, ${byteCount} bytes`);
  }

  #add(streamOffset: number, text: string): void {
    this.texts.push(`${String(streamOffset).padStart(6)}  ${text}`);
  }
}

function recordText({ kind, address, isContinued, block, fill, bytes, start, end }: RamRecord): string {
  const page = `${kind} ${quoteName(block.name)} ${address}${isContinued ? " continue" : ""}`;
  switch (kind) {
    case "zero":
      return `${page}, fill ${fill}`;
    case "page":
    case "xbzrle":
    case "compressed": {
      const rest = start + SHOWN_BYTES < end ? "..." : "";
      return `${page}, ${end - start} bytes: ${toHex(bytes.subarray(start, Math.min(end, start + SHOWN_BYTES)))}${rest}`;
    }
    case "block":
      return `block ${quoteName(block.name)} of ${block.usedLength} bytes`;
    case "memory-sizes":
      return `memory sizes, ${address} bytes`;
    default:
      return kind;
  }
}
