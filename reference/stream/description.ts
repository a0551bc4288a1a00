/**
 * What the description says of the full sections (docs/xbzrle/stream.md, "Payloads of unknown form").
 */

import { quoteName } from "../errors.ts";

/** A full section as the description lists it, or as it was found. */
export interface DescribedSection {
  readonly name: string;
  readonly instance: number;
  /** Of the payload, in bytes. */
  readonly byteCount: number;
}

/** A field, a struct in a field, or a subsection of a device in the JSON text. */
interface Described {
  readonly name?: unknown;
  readonly instance_id?: unknown;
  readonly vmsd_name?: unknown;
  readonly size?: unknown;
  readonly array_len?: unknown;
  readonly fields?: readonly Described[];
  readonly subsections?: readonly Described[];
}

/** The bytes of a subsection before its fields: 05, the length of the name, and a be32; without the name. */
const SUBSECTION_HEAD = 6;

/**
 * Reads the list of devices.
 *
 * @param text - The description.
 * @param maxCount - How many are wanted: the text may list millions.
 * @returns The full sections in their order; `undefined` if the text is no JSON or lists no devices in the way of QEMU.
 */
export function describedSections(text: string, maxCount: number): readonly DescribedSection[] | undefined {
  try {
    const { devices } = JSON.parse(text) as { readonly devices?: readonly Described[] };
    return devices?.slice(0, maxCount).map((device) => ({
      name: String(device.name),
      instance: Number(device.instance_id),
      byteCount: bytesOf(device),
    }));
  } catch {
    // No JSON, or another form than QEMU's: it tells nothing, and a receiver would not look at it either (STREAM-25).
    return undefined;
  }
}

/** The sum of the sizes of fields and subsections. */
function bytesOf({ fields, subsections }: Described): number {
  const fieldBytes = (fields ?? []).map(({ size, array_len }) => Number(size) * Number(array_len ?? 1));
  const subsectionBytes = (subsections ?? []).map(
    (subsection) => SUBSECTION_HEAD + String(subsection.vmsd_name).length + bytesOf(subsection),
  );
  return [...fieldBytes, ...subsectionBytes].reduce((sum, byteCount) => sum + byteCount, 0);
}

/**
 * Compares what was found with what is described.
 *
 * @param found - The full sections of the stream, in their order.
 * @param described - Those of the description.
 * @returns What differs first, in words; `undefined` if nothing does. Source: STREAM-30.
 */
export function firstDifference(
  found: readonly DescribedSection[],
  described: readonly DescribedSection[],
): string | undefined {
  const index = Array.from({ length: Math.max(found.length, described.length) }).findIndex(
    (_, index) => inWords(found[index]) !== inWords(described[index]),
  );
  return index < 0 ? undefined : `found ${inWords(found[index])}, described is ${inWords(described[index])}`;
}

function inWords(section: DescribedSection | undefined): string {
  if (section === undefined) return "no further section";
  return `${quoteName(section.name)} ${section.instance} of ${section.byteCount} bytes`;
}
