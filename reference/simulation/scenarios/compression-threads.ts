/**
 * Compression threads: an idle guest, and one with an application that writes random numbers.
 */

import type { Costs } from "../costs.ts";
import type { Scenario } from "../scenario.ts";

const SOURCE = "Published: QEMU's text on multiple-thread compression, 2015: 4 GiB guest, 8 threads, level 1.";

/** What was published of both: 893.73 Mb/s and 936.99 Mb/s without compression. */
const LINK = { bytesPerSecond: 117_000_000 };

/** From the idle table: 1833 ms, less the zero test of the whole guest, for 88 602 pages on 8 threads. */
const COSTS: Partial<Costs> = { compressNs: 160_000 };

const COMPRESS = { compress: true } as const;

export const COMPRESSION_IDLE: Scenario = {
  title: "compression threads, idle guest",
  notes: [
    SOURCE,
    "Assumed: 8.2 % of the memory is not zero, which the published bytes agree with; the idle guest writes to 800 places a second.",
    "The compression of a page takes 160 µs, so that this table agrees with what was published; in compression-random it is the same.",
  ],
  scale: 16,
  guest: { blocks: [{ name: "pc.ram", byteCount: 2 ** 32, contents: { zero: 0.918, words: 0.0819 } }] },
  load: [{ workload: "random-writers", byteCount: 2 ** 28, bytesPerSecond: 800 * 8 }],
  link: LINK,
  costs: COSTS,
  migrations: [
    {
      name: "without compression",
      published: { completes: true, "total time": 3333, downtime: 100, transferred: 363_536, throughput: 893.73 },
    },
    {
      name: "with compression",
      options: COMPRESS,
      published: { completes: true, "total time": 1833, downtime: 27, transferred: 107_819, throughput: 482.22 },
    },
  ],
};

export const COMPRESSION_RANDOM: Scenario = {
  title: "compression threads, an application that writes random numbers",
  notes: [
    SOURCE,
    "Assumed: the application has 1 GiB, of which zlib makes two fifths, and writes a number of 8 bytes to 23 500 places a second.",
    "The compression of a page takes 160 µs, which is taken from compression-idle.",
  ],
  scale: 16,
  guest: {
    blocks: [
      { name: "pc.ram", byteCount: 3 * 2 ** 30, contents: { zero: 0.89, words: 0.1 } },
      { name: "application", byteCount: 2 ** 30, contents: { zero: 0, words: 0.85 } },
    ],
  },
  load: [{ workload: "random-writers", block: "application", bytesPerSecond: 23_500 * 8 }],
  link: LINK,
  costs: COSTS,
  migrations: [
    {
      name: "without compression",
      published: { completes: true, "total time": 37_369, downtime: 337, transferred: 4_274_143, throughput: 936.99 },
    },
    {
      name: "with compression",
      options: COMPRESS,
      published: { completes: true, "total time": 15_989, downtime: 173, transferred: 1_699_824, throughput: 870.95 },
    },
  ],
};
