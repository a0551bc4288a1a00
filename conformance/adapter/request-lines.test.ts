import { expect, test } from "vitest";
import type { Request } from "../protocol.ts";
import { RequestLines } from "./request-lines.ts";

const request = (byteCount: number, byte: number): Request => {
  return { operation: "receive", ramSize: 4096, stream: new Uint8Array(byteCount).fill(byte) };
};
const lineOf = (id: string, byteCount: number, byte: string) => `${id} receive 4096 ${byte.repeat(byteCount)}\n`;

/** What is written, as it stands when the pipe takes it: at once, or only when `takeAll` is called. */
function pipe() {
  const waiting: { bytes: Uint8Array; taken: () => void }[] = [];
  let text = "";
  const takeAll = () => {
    for (const { bytes, taken } of waiting.splice(0)) {
      text += Buffer.from(bytes).toString("latin1");
      taken();
    }
  };
  const lines = new RequestLines((bytes, taken) => waiting.push({ bytes, taken }));
  return { lines, waiting, takeAll, text: () => text };
}

test("lines stand one behind the other, and are written when they are many or when it is asked for", () => {
  const { lines, waiting, takeAll, text } = pipe();
  lines.flush();
  expect(waiting).toHaveLength(0);
  lines.add({ id: "1", request: request(3, 0x11) });
  lines.add({ id: "2", request: request(2, 0x22) });
  expect(waiting).toHaveLength(0);
  lines.flush();
  takeAll();
  expect(text()).toBe(lineOf("1", 3, "11") + lineOf("2", 2, "22"));
  lines.add({ id: "3", request: request(40_000, 0x33) });
  expect(waiting).toHaveLength(1);
});

test("bytes that the pipe has not taken are never written over, however long the lines are", () => {
  const { lines, takeAll, text } = pipe();
  let expected = "";
  for (let turn = 0; turn < 3; turn++) {
    for (const [index, byteCount] of [10, 30_000, 60_000, 70_000, 1, 200_000, 5, 33_000].entries()) {
      const digit = `${(turn * 8 + index) % 10}`;
      lines.add({ id: `${turn}-${index}`, request: request(byteCount, Number(`0x${digit}${digit}`)) });
      expected += lineOf(`${turn}-${index}`, byteCount, digit + digit);
    }
    lines.flush();
    takeAll();
  }
  expect(text() === expected).toBe(true);
});

test("a buffer is used again once the pipe has taken it", () => {
  const { lines, waiting, takeAll } = pipe();
  const buffers = new Set<ArrayBufferLike>();
  for (let turn = 0; turn < 10; turn++) {
    lines.add({ id: `${turn}`, request: request(100, turn) });
    lines.flush();
    buffers.add(waiting[0]!.bytes.buffer);
    takeAll();
  }
  expect(buffers.size).toBe(1);
});
