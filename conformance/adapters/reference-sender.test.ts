/** The reference's sender asked as any other, in this process, with each replacement; and what it sends, received by QEMU. */

import { describe, expect, test } from "vitest";
import { REPLACEMENT_NAMES, type SenderOptions } from "../../reference/index.ts";
import { INSTALL_COMMAND, QEMU } from "../../vectors/capture/machine.ts";
import { loadSendVectors } from "../../vectors/index.ts";
import { askAll } from "../../vectors/qemu/judge.ts";
import { receive } from "../../vectors/qemu/receive.ts";
import type { SendRequest } from "../protocol.ts";
import { fuzzCases } from "../suites/fuzz.ts";
import { playGuest } from "../suites/guest-play.ts";
import { sendCase } from "../suites/send-cases.ts";
import { hasTool } from "./bundled.ts";
import { sendByReference } from "./reference-sender.ts";

/** QEMU has no RAM of an odd number of pages. */
const QEMU_RAM_MULTIPLE = 8192;

const vectors = loadSendVectors().map(sendCase);
const drawn = [...fuzzCases(300, 11, ["send"])];

/** What is not passed, with the judgement. */
function failures(options: SenderOptions): string[] {
  return [...vectors, ...drawn].flatMap((asked) => {
    const stream = sendByReference(asked.request as SendRequest, options);
    const judgement = asked.judge({ kind: "stream", stream });
    return judgement.kind === "pass" ? [] : [`${asked.id}: ${judgement.detail}`];
  });
}

describe("the reference's sender", () => {
  test.each(REPLACEMENT_NAMES)("passes all vectors and drawn guests with the replacement %s", (replacement) => {
    expect(failures({ replacement })).toEqual([]);
  });

  test("passes them without XBZRLE, and with XBZRLE that does not turn itself off", () => {
    expect(failures({ usesXbzrle: false })).toEqual([]);
    expect(failures({ turnsItselfOff: false })).toEqual([]);
  });

  test("does not meet one SHOULD if it caches in the bulk stage, and every MUST", () => {
    const failed = failures({ cachesInBulkStage: true });
    expect(failed.length).toBeGreaterThan(vectors.length / 4);
    expect(failed.filter((text) => !text.includes("was sent once, in the first round"))).toEqual([]);
  });
});

test("The vectors for senders list the pages that the guest has in the end.", () => {
  for (const { id, operation, ramSize, cacheSize, steps, accept } of loadSendVectors()) {
    const ram = new Uint8Array(ramSize);
    for (const { address, page } of accept[0]!.pages) ram.set(page, address);
    const { rounds } = playGuest({ operation, ramSize, cacheSize, steps });
    expect(Buffer.compare(ram, rounds.at(-1)!), id).toBe(0);
  }
});

describe.skipIf(!hasTool(QEMU))(`QEMU as the receiver (${INSTALL_COMMAND})`, () => {
  test("gets the RAM of each guest of the vectors from the reference's sender.", { timeout: 120_000 }, async () => {
    const asked = loadSendVectors().filter(({ ramSize }) => ramSize % QEMU_RAM_MULTIPLE === 0);
    expect(asked.length).toBeGreaterThan(50);
    const wrong = await askAll(asked, async (vector) => {
      const { ramSize, cacheSize, steps } = vector;
      const stream = sendByReference({ ramSize, cacheSize, steps });
      const receipt = await receive(stream, { ramSize, readBytes: ramSize });
      if (receipt.kind === "refused") return receipt.errorText;
      const ram = playGuest({ operation: "send", ramSize, cacheSize, steps }).rounds.at(-1)!;
      return Buffer.compare(receipt.ram, ram) === 0 ? undefined : "another RAM";
    });
    expect(wrong).toEqual([]);
  });
});
