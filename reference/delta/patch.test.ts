import { expect, test } from "vitest";
import { fromHex, toHex } from "../bytes.ts";
import { applyDelta } from "./decode.ts";
import { encodeDelta } from "./encode.ts";
import { patchPage } from "./patch.ts";

/** Three pages of eight bytes, of which the one in the middle is patched. */
const MEMORY = "a0a1a2a3a4a5a6a7 b0b1b2b3b4b5b6b7 c0c1c2c3c4c5c6c7".replaceAll(" ", "");

function patched(delta: string): string {
  const memory = fromHex(MEMORY);
  patchPage(memory, 8, 8, fromHex(delta));
  return toHex(memory);
}

test.each([
  ["", "b0b1b2b3b4b5b6b7"],
  ["000111", "11b1b2b3b4b5b6b7"],
  ["01021122020133", "b01122b3b433b6b7"],
  ["8100820011228200810033", "b01122b3b433b6b7"],
  ["00081122334455667788", "1122334455667788"],
  ["0701ff", "b0b1b2b3b4b5b6ff"],
])("%s patches its page, and no byte beside it", (delta, page) => {
  expect(patched(delta)).toBe(MEMORY.replace("b0b1b2b3b4b5b6b7", page));
});

test.each(["0001aa0701bbaa", "0001aa0002bbcc", "0001aa020000", "0001aa0802bbcc", "0001aa0280", "0201aa0402bb"])(
  "%s is refused before a byte is written",
  (delta) => {
    const memory = fromHex(MEMORY);
    const message = refusalOf(() => patchPage(memory, 8, 8, fromHex(delta)));
    expect(message).toBe(refusalOf(() => applyDelta(fromHex(MEMORY).subarray(8, 16), fromHex(delta))));
    expect(toHex(memory)).toBe(MEMORY);
  },
);

test("a long zrun and a long nzrun are patched as they were encoded", () => {
  const [oldPage, newPage] = [new Uint8Array(4096), new Uint8Array(4096)];
  newPage.fill(7, 1000, 1300);
  newPage[4095] = 9;
  const outcome = encodeDelta(oldPage, newPage, 4096);
  if (outcome.kind !== "delta") throw new Error(outcome.kind);
  patchPage(oldPage, 0, 4096, outcome.delta);
  expect(toHex(oldPage)).toBe(toHex(newPage));
});

/** The message with which something is refused. */
function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was not refused");
}
