/**
 * Assembles the programs of guests: one row an instruction, its bytes in hexadecimal, labels resolved.
 */

/** Bytes in hexadecimal; a reference to a label, as a 16-bit address, a 32-bit address or a distance of 8 bits. */
export type Part = string | { readonly to: string; readonly as: "address16" | "address32" | "distance8" };

/** An instruction. */
export type Row = readonly [label: string, parts: readonly Part[], instruction: string];

/** The address of a label in its segment. */
export const address16 = (to: string): Part => ({ to, as: "address16" });
/** The address of a label in memory. */
export const address32 = (to: string): Part => ({ to, as: "address32" });
/** How far a label is from the end of the instruction. */
export const distance8 = (to: string): Part => ({ to, as: "distance8" });

/** The bytes of the program, which begins at the address `origin` of memory; 16-bit addresses are its low 16 bits. */
export function assemble(program: readonly Row[], origin: number): Uint8Array {
  const offsets = new Map<string, number>();
  let programSizeBytes = 0;
  for (const [label, parts] of program) {
    offsets.set(label, programSizeBytes);
    for (const part of parts) programSizeBytes += sizeBytes(part);
  }

  const bytes: number[] = [];
  for (const part of program.flatMap(([, parts]) => parts)) {
    if (typeof part === "string") bytes.push(...fromHex(part));
    else bytes.push(...reference(part.as, offsets.get(part.to)!, bytes.length, origin));
  }
  return Uint8Array.from(bytes);
}

function sizeBytes(part: Part): number {
  if (typeof part === "string") return fromHex(part).length;
  return { address16: 2, address32: 4, distance8: 1 }[part.as];
}

function fromHex(hex: string): readonly number[] {
  return hex.split(" ").map((digits) => Number.parseInt(digits, 16));
}

/** A distance counts from the end of its instruction, which is the end of the distance. */
function reference(
  as: "address16" | "address32" | "distance8",
  labelOffset: number,
  offset: number,
  origin: number,
): readonly number[] {
  if (as === "distance8") return [(labelOffset - offset - 1) & 0xff];
  const address = origin + labelOffset;
  const bytes = [address & 0xff, (address >> 8) & 0xff, (address >> 16) & 0xff, (address >> 24) & 0xff];
  return as === "address16" ? bytes.slice(0, 2) : bytes;
}
