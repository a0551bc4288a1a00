/**
 * Which pages are never stored. This package is licensed under Apache-2.0; the guests run SeaBIOS and its VGA BIOS
 * (LGPL-3.0), QEMU can load more firmware (iPXE, GPL-2.0), and gives guests tables that its own code (GPL-2.0) builds.
 * Of all that nothing is stored but what it writes while it works; two steps see to it:
 *
 * 1. The regions of a guest are those where the firmware keeps what it works with: interrupt vectors, BIOS data area,
 *    stacks, heap, screen. Where its code, its fonts or the tables lie is no region.
 * 2. A page is refused, and with it each pair that it is the old or the new page of, if
 *    - a window of it stands in a ROM file of QEMU: 16 bytes in a row, at whatever offset, of at least 6 values;
 *    - such a window stands there when the page is read as the VGA does, as four planes of every fourth byte, which is
 *      how the shapes of the letters lie in video RAM;
 *    - it has the signature of a table for operating systems: of ACPI, SMBIOS, multiprocessor or interrupt routing.
 *
 * What is left are numbers, addresses, names and the texts on the screen, and the boot sector and the picture, which are
 * made in this folder.
 */

import { LEAST_DISTINCT_VALUES, type RomWindows, WINDOW_SIZE_BYTES } from "./rom-windows.ts";

/** The rule as provenance states it. */
export const REFUSAL_RULE =
  "No page holds firmware code: only regions are read where the firmware keeps what it works with, and a page is " +
  `refused if ${WINDOW_SIZE_BYTES} bytes in a row of it with at least ${LEAST_DISTINCT_VALUES} values, or of a VGA ` +
  "plane in it, stand in a ROM file that QEMU can load, or if it has the signature of an ACPI, SMBIOS, MP or PIR table.";

/** How many planes the VGA's memory has; byte `n` is of plane `n % 4`. */
const PLANE_COUNT = 4;

const TABLE_SIGNATURES = [
  // ACPI, the tables that QEMU and SeaBIOS can make.
  ...["RSD PTR ", "RSDT", "XSDT", "DSDT", "SSDT", "FACP", "FACS", "APIC", "HPET", "SRAT", "SLIT", "MCFG", "WAET"],
  ...["DMAR", "TPM2", "TCPA", "BGRT", "VIOT", "CEDT", "HMAT", "NFIT", "PPTT"],
  // SMBIOS, the multiprocessor specification, PCI interrupt routing.
  ...["_SM_", "_SM3_", "_DMI_", "_MP_", "PCMP", "$PIR"],
];

/** Whether the page is one that is never stored; the windows are those of the ROM files that QEMU can load. */
export function isRefused(page: Uint8Array, romWindows: RomWindows): boolean {
  if (romWindows.firstIn(page) !== undefined) return true;
  if (planesOf(page).some((plane) => romWindows.firstIn(plane) !== undefined)) return true;
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  return TABLE_SIGNATURES.some((signature) => bytes.includes(signature));
}

function planesOf(page: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: PLANE_COUNT }, (_, plane) => page.filter((_, offset) => offset % PLANE_COUNT === plane));
}
