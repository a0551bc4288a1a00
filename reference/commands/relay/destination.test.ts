/** The URI of a transport, and the command that it is the same as (docs/xbzrle/relay.md, "URI"). */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readDestination } from "./destination.ts";

const CHAPTER = readFileSync(new URL("../../../docs/xbzrle/relay.md", import.meta.url), "utf8");
const rows = [
  ...CHAPTER.replaceAll("HOST", "host")
    .replaceAll("PORT", "5")
    .matchAll(/^\| `(xbzrle:\S+)` \| `exec:migration-helper-xbzrle (.+)` \|$/gm),
];

test.each(rows.map(([, uri, words]) => [uri!, words!.split(" ")] as const))(
  "%s is the same as its command (RELAY-15)",
  (uri, words) => {
    const read = readDestination(uri);
    expect(read.words).toEqual(words.slice(0, -1));
    expect(read.to).toBe(readDestination(words.at(-1)!).to);
  },
);

test.each([
  ["host", "tcp:host:4444"],
  ["host:1", "tcp:host:1"],
  ["[::1]:1", "tcp:[::1]:1"],
  ["xbzrle://[::1]", "tcp:[::1]:4444"],
  ["xbzrle://host/?a=%26b", "tcp:host:4444"],
])("%s goes to %s", (text, to) => {
  expect(readDestination(text).to).toBe(to);
});

test("the chapter has its table of URIs, and what is special is written with %", () => {
  expect(rows.length).toBe(3);
  expect(readDestination("xbzrle://host?statistics=unix:%2Ftmp%2Fa%26b").words).toEqual(["--statistics=unix:/tmp/a&b"]);
});
