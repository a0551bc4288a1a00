import { beforeEach, expect, test } from "vitest";
import { type Asked, OpenRequests } from "./open-requests.ts";

const page = new Uint8Array(4);
const decode: Asked = { id: "a", request: { operation: "decode", oldPage: page, delta: page } };
const encode: Asked = { id: "b", request: { operation: "encode", capacity: 4, oldPage: page, newPage: page } };

let open: OpenRequests;
beforeEach(() => {
  open = new OpenRequests();
  open.add(decode);
  open.add(encode);
});

test("an answer closes its request, whichever it is", () => {
  expect(open.read("b unchanged")).toEqual({ kind: "answer", asked: encode, answer: { kind: "unchanged" } });
  expect([open.size, open.oldestId, open.all()]).toEqual([1, "a", [decode]]);
  expect(open.read("a unsupported")).toMatchObject({ kind: "answer", asked: decode });
  expect([open.size, open.oldestId]).toEqual([0, undefined]);
});

test.each([
  ["a page 0g", "a", '"0g" is not a byte'],
  ["a", "a", "is not an id, a space and an answer"],
  ["a unchanged", "a", "gave decode an answer that it cannot have"],
  ["b malformed", "b", "gave encode an answer that it cannot have"],
  ["c unchanged", undefined, "a request that is not open"],
  ["done", undefined, "standard output must carry nothing but answers"],
])(
  "a line that is no answer leaves all requests open, and is blamed on the one it names: %s",
  (line, culpritId, detail) => {
    expect(open.read(line)).toEqual({ kind: "fault", culpritId, detail: expect.stringContaining(detail) });
    expect(open.size).toBe(2);
  },
);

test("a second answer is known for what it is, even when it does not parse", () => {
  open.read("a page 00");
  const isBlamed = { kind: "fault", culpritId: "a" };
  expect(open.read("a page 00")).toMatchObject({
    ...isBlamed,
    detail: expect.stringContaining("answered a request twice"),
  });
  expect(open.read("a page")).toMatchObject(isBlamed);
});

test("an id that is asked again is open again", () => {
  open.read("a page 00");
  open.add(decode);
  expect(open.read("a page 00")).toMatchObject({ kind: "answer" });
});

test("only the last few hundred answers are remembered", () => {
  for (let index = 0; index < 1000; index++) {
    open.add({ ...decode, id: `x${index}` });
    open.read(`x${index} malformed`);
  }
  expect(open.read("x999 malformed")).toMatchObject({ culpritId: "x999" });
  expect(open.read("x0 malformed")).toMatchObject({ culpritId: undefined });
});
