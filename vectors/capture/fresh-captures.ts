/**
 * What streams are captured from, afresh, to be held against the memory of their source: machines, memory, loads and
 * capabilities that QEMU 7.2 takes together.
 */

import { FOLDER, type Guest } from "./guest.ts";
import { COMING_AND_GOING, COUNTING, IDLE, NOISE, SCATTERING } from "./loads.ts";
import { type Migration, romGuest } from "./migrate.ts";
import { syntheticLoad } from "./synthetic-load.ts";

/** One capture. */
export interface FreshCapture {
  readonly migration: Migration;
  readonly guest: Guest;
  /** The blocks that the guest's processor sees, and that can be read of it. */
  readonly blocks: readonly string[];
  /** Kinds of records that the stream has, besides zero and page. */
  readonly kinds: readonly ("xbzrle" | "compressed")[];
  /** A block whose pages stay out of the stream: it is shared with the destination. */
  readonly sharedBlock?: string;
}

const MEBIBYTE = 1024 * 1024;
/** Of a guest with our ROM: QEMU gives the machine both. */
const ROMS = ["pc.bios", "pc.rom"];

/** Random bytes, the same each time, for memory that a load cannot reach. */
const NUMBERS = new Uint32Array(MEBIBYTE / 4).map((_, index) => Math.imul(index + 1, 0x9e37_79b1));

/** In bytes a second. */
const SLOW = { forMuch: 16_000_000, forSome: 4_000_000, forLittle: 300_000, forLeast: 100_000 } as const;

/** What SeaBIOS starts of a disk; on q35 that is an AHCI disk, and no floppy. */
function diskGuest(): Guest {
  const guest = syntheticLoad();
  const sector = guest.files["boot-sector.img"]!;
  return {
    ...guest,
    options: ["-machine", "q35", "-hda", `${FOLDER}/disk.img`, "-nic", "none", "-icount", "shift=7,align=on"],
    // No disk is as small as a sector.
    files: { "disk.img": Buffer.concat([sector, new Uint8Array(MEBIBYTE)]) },
  };
}

/** RAM above the hole that devices have below 4 GiB, which begins early here: one block at two places. */
function guestWithHole(): Guest {
  const loader = `loader,file=${FOLDER}/numbers,addr=0x100000000,force-raw=on`;
  const guest = romGuest(SCATTERING, 128 * MEBIBYTE, ["-machine", "max-ram-below-4g=64M", "-device", loader]);
  return { ...guest, files: { ...guest.files, numbers: new Uint8Array(NUMBERS.buffer) } };
}

function memory(id: string, size: string): readonly string[] {
  return ["-object", `memory-backend-ram,id=${id},size=${size}`];
}

/** The captures. */
export const FRESH_CAPTURES: readonly FreshCapture[] = [
  {
    migration: { name: "pc, idle, plain", capabilities: [], slowBandwidth: SLOW.forSome },
    guest: romGuest(IDLE, 3 * MEBIBYTE, []),
    blocks: ["pc.ram", ...ROMS],
    kinds: [],
  },
  {
    migration: {
      name: "pc, counting, a cache of one page",
      capabilities: ["xbzrle"],
      slowBandwidth: SLOW.forSome,
      parameters: { "xbzrle-cache-size": 4096 },
    },
    guest: romGuest(COUNTING, 8 * MEBIBYTE, []),
    blocks: ["pc.ram", ...ROMS],
    kinds: ["xbzrle"],
  },
  {
    migration: {
      name: "q35, scattered writes, a cache of 64 pages",
      capabilities: ["xbzrle"],
      slowBandwidth: SLOW.forSome,
      parameters: { "xbzrle-cache-size": 64 * 4096 },
    },
    guest: romGuest(SCATTERING, 16 * MEBIBYTE, ["-machine", "q35"]),
    blocks: ["pc.ram", ...ROMS],
    kinds: ["xbzrle"],
  },
  {
    migration: { name: "isapc, noise", capabilities: ["xbzrle"], slowBandwidth: SLOW.forLittle },
    guest: romGuest(NOISE, 16 * MEBIBYTE, ["-machine", "isapc"]),
    blocks: ["pc.ram", ...ROMS],
    kinds: [],
  },
  {
    migration: {
      name: "microvm, pages that come and go, compress",
      capabilities: ["xbzrle", "compress"],
      slowBandwidth: SLOW.forLeast,
    },
    guest: romGuest(COMING_AND_GOING, 32 * MEBIBYTE, ["-machine", "microvm"]),
    blocks: ["microvm.ram", "pc.bios"],
    kinds: ["compressed"],
  },
  {
    migration: { name: "pc with RAM above 4 GiB, compress", capabilities: ["compress"], slowBandwidth: SLOW.forSome },
    guest: guestWithHole(),
    blocks: ["pc.ram", ...ROMS],
    kinds: ["compressed"],
  },
  {
    migration: { name: "pc of two NUMA nodes", capabilities: ["xbzrle"], slowBandwidth: SLOW.forSome },
    guest: romGuest(COUNTING, 16 * MEBIBYTE, [
      ...[...memory("near", "1M"), "-numa", "node,memdev=near"],
      ...[...memory("far", "15M"), "-numa", "node,memdev=far"],
    ]),
    blocks: ["near", "far", ...ROMS],
    kinds: ["xbzrle"],
  },
  {
    migration: {
      name: "q35 with a memory module and a UUID",
      capabilities: ["xbzrle", "validate-uuid", "events", "auto-converge"],
      slowBandwidth: SLOW.forSome,
    },
    guest: romGuest(SCATTERING, 16 * MEBIBYTE, [
      ...["-machine", "q35", "-m", "slots=1,maxmem=1G", ...memory("module", "32M")],
      ...["-device", "pc-dimm,memdev=module", "-uuid", "00112233-4455-6677-8899-aabbccddeeff"],
    ]),
    blocks: ["pc.ram", "module", ...ROMS],
    kinds: ["xbzrle"],
  },
  {
    migration: {
      name: "pc with a shared block",
      capabilities: ["xbzrle", "x-ignore-shared"],
      slowBandwidth: SLOW.forSome,
    },
    guest: romGuest(COUNTING, 8 * MEBIBYTE, [
      ...["-object", "memory-backend-memfd,id=shared,size=8M,share=on", "-machine", "memory-backend=shared"],
    ]),
    blocks: ROMS,
    kinds: [],
    sharedBlock: "shared",
  },
  {
    migration: {
      name: "pc, SeaBIOS and VGA, the synthetic load",
      capabilities: ["xbzrle"],
      slowBandwidth: SLOW.forMuch,
    },
    guest: syntheticLoad(),
    blocks: ["pc.ram", "vga.vram", "pc.bios"],
    kinds: ["xbzrle"],
  },
  {
    migration: {
      name: "q35, SeaBIOS and VGA, the synthetic load, compress",
      capabilities: ["xbzrle", "compress"],
      slowBandwidth: SLOW.forSome,
    },
    guest: diskGuest(),
    blocks: ["pc.ram", "vga.vram", "pc.bios"],
    kinds: ["xbzrle", "compressed"],
  },
];
