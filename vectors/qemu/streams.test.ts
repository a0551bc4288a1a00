/** The vectors for receivers against QEMU itself: its answer has to be one of those that a vector accepts. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFolder } from "../../spec/package.ts";
import { INSTALL_COMMAND, QEMU } from "../capture/machine.ts";
import { loadReceiveVectors, type ReceiveVector } from "../receive.ts";
import { askAll } from "./judge.ts";
import { receive } from "./receive.ts";

const vectors = loadReceiveVectors();
const families = [...new Set(vectors.map(({ chapter, family }) => `${chapter}/${family}`))];
const hasQemu = spawnSync(QEMU, ["--version"]).error === undefined;

/** Vectors that QEMU 7.2 does not agree with, by the title of the entry in docs/xbzrle/departures.md. */
const DEPARTURES = new Map([
  ["record/blocks/name-with-nul-zero", "Names end at a NUL"],
  ["record/blocks/name-with-nul-page", "Names end at a NUL"],
  ["record/blocks/name-with-nul-xbzrle", "Names end at a NUL"],
  ["stream/sections/name-with-nul", "Names end at a NUL"],
  ["stream/header/machine-empty", "Machine types compared by their beginning"],
  ["stream/header/machine-non", "Machine types compared by their beginning"],
  ["stream/header/machine-with-nul", "Machine types compared by their beginning"],
  ["stream/sections/id-0", "Section id 0"],
]);

describe.skipIf(!hasQemu)(`Streams judged by QEMU (${INSTALL_COMMAND})`, () => {
  test.each(families)("QEMU answers each of %s as is accepted, but for the listed departures.", async (name) => {
    const asked = vectors.filter(({ chapter, family }) => `${chapter}/${family}` === name);
    const wrong = await askAll(asked, disagreement);
    expect(wrong.filter((line) => !DEPARTURES.has(line.split(": ")[0]!))).toEqual([]);
    // A departure that is none any more is taken off the list.
    const listed = asked.filter(({ id }) => DEPARTURES.has(id));
    expect(wrong.length).toBe(listed.length);
  });
});

test("Every departure has its entry in departures.md.", () => {
  const text = readFileSync(join(packageFolder, "docs/xbzrle/departures.md"), "utf8");
  for (const title of DEPARTURES.values()) expect(text).toContain(`## ${title}\n`);
});

/** What QEMU does that the vector does not accept; nothing if it agrees. */
async function disagreement({ stream, ramSize, accept, chapter }: ReceiveVector): Promise<string | undefined> {
  const capabilities = chapter === "compressed" ? ["compress"] : [];
  const receipt = await receive(stream, { ramSize, readBytes: ramSize, capabilities });
  if (receipt.kind === "refused") {
    return accept.some(({ kind }) => kind === "malformed") ? undefined : receipt.errorText;
  }
  const isExpected = accept.some((outcome) => {
    if (outcome.kind !== "ram") return false;
    const ram = new Uint8Array(ramSize);
    for (const { address, page } of outcome.pages) ram.set(page, address);
    return Buffer.compare(ram, receipt.ram) === 0;
  });
  return isExpected ? undefined : "accepted, with another memory than expected or where a refusal was";
}
