import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Capture } from "./capture.ts";
import { PAGE_SIZE } from "./guest.ts";
import { readCapture } from "./read.ts";
import { makeFolder, writeCapture } from "./write.ts";

const oldPage = new Uint8Array(PAGE_SIZE).fill(0x11);
const newPage = oldPage.with(1024, 0x12);
const CAPTURE: Capture = {
  source: {
    guest: "synthetic-load",
    description: "a guest",
    qemuVersion: "7.2.22",
    command: ["qemu-system-x86_64"],
    memoryBytes: PAGE_SIZE,
    pageSize: PAGE_SIZE,
    takenAt: "2011-08-03",
    regions: [{ name: "low memory", address: 0, sizeBytes: PAGE_SIZE }],
    moments: [
      { name: "dot 1", ranMs: 1, dotCount: 1 },
      { name: "dot 2", ranMs: 7, dotCount: 2 },
    ],
  },
  pagePairs: [
    { regionName: "low memory", address: 0, oldMoment: 0, newMoment: 1, oldPage, newPage, changedByteCount: 1 },
  ],
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "xbzrle-stored-"));
});

afterEach(() => rm(folder, { recursive: true }));

test("What is written is read back.", async () => {
  await writeCapture(folder, CAPTURE);
  const { provenance, pagePairs } = await readCapture(folder, "synthetic-load");
  expect(provenance).toMatchObject(CAPTURE.source);
  expect(provenance.pageAddresses).toEqual([0]);
  const [pair] = pagePairs;
  expect(pair).toMatchObject({ address: 0, oldMoment: 0, newMoment: 1 });
  expect(Buffer.compare(pair!.oldPage, oldPage)).toBe(0);
  expect(Buffer.compare(pair!.newPage, newPage)).toBe(0);
});

test("The same capture gives the same bytes, without a time stamp.", async () => {
  const path = join(folder, "synthetic-load.pages.gz");
  await writeCapture(folder, CAPTURE);
  const first = await readFile(path);
  await writeCapture(folder, CAPTURE);
  expect(Buffer.compare(await readFile(path), first)).toBe(0);
  // RFC 1952: MTIME is bytes 4 to 7.
  expect([...first.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
});

test("Pages that are not those of the provenance are refused.", async () => {
  await writeCapture(folder, CAPTURE);
  await writeFile(join(folder, "synthetic-load.pages.gz"), gzipSync(Buffer.concat([newPage, oldPage])));
  await expect(readCapture(folder, "synthetic-load")).rejects.toMatchObject({ fault: "stored-differs" });
});

test("A folder is made with those that it is in, and one that is there is no fault.", async () => {
  const path = join(folder, "a", "b");
  await makeFolder(path);
  await makeFolder(path);
  expect(existsSync(path)).toBe(true);
});

test.skipIf(!existsSync("/proc/self"))(
  "A folder that cannot be made under /proc is refused, not waited for.",
  async () => {
    await expect(makeFolder("/proc/no-such-folder/a")).rejects.toMatchObject({ code: "ENOENT" });
  },
);
