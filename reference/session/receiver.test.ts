import { describe, expect, test } from "vitest";
import { toHex } from "../bytes.ts";
import { MalformedStreamError } from "../errors.ts";
import { FakeGuest } from "./fakes/guest.ts";
import { FakeMigration } from "./fakes/migration.ts";
import { newGuest, Receiver } from "./receiver.ts";

const BLOCKS = [{ name: "ram", usedLength: 2048 }];

/** A stream of two pages, and the memory that it gives. */
function sendTwoPages() {
  const guest = new FakeGuest(1024, { ram: 2 });
  guest.write(1, 0, Uint8Array.of(7));
  const migration = new FakeMigration(guest);
  migration.finish();
  return { stream: Buffer.concat(migration.pieces), memory: guest.memories.get("ram") as Uint8Array };
}

describe("a receiver", () => {
  test("takes the stream byte by byte, and is complete when the channel is closed", () => {
    const { stream, memory } = sendTwoPages();
    const receiver = new Receiver(newGuest("none", 1024, BLOCKS));
    for (let offset = 0; offset < stream.length; offset++) receiver.push(stream.subarray(offset, offset + 1));
    expect([receiver.stage, receiver.byteCount]).toEqual(["receiving", stream.length]);
    receiver.end();
    expect(receiver.stage).toBe("complete");
    expect(toHex(receiver.guest.blocks.get("ram") as Uint8Array)).toBe(toHex(memory));
    expect(() => receiver.end()).toThrow("the receiver is complete, and takes nothing more");
  });

  test("has failed when the channel is closed too early, or the stream is for another guest", () => {
    const { stream } = sendTwoPages();
    const cut = new Receiver(newGuest("none", 1024, BLOCKS));
    cut.push(stream.subarray(0, 100));
    expect(() => cut.end()).toThrow(/^stream-truncated at stream byte 100\b/);
    const other = new Receiver(newGuest("none", 1024, [{ name: "ram", usedLength: 4096 }]));
    expect(() => other.push(stream)).toThrow(MalformedStreamError);
    for (const receiver of [cut, other]) {
      expect(receiver.stage).toBe("failed");
      expect(() => receiver.push(stream)).toThrow("the receiver has failed, and takes nothing more");
    }
  });
});
