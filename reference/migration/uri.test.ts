import { describe, expect, test } from "vitest";
import { parseUri } from "./uri.ts";

describe("a URI", () => {
  test.each([
    ["tcp:10.0.0.7:4444", { kind: "tcp", host: "10.0.0.7", port: 4444 }],
    ["tcp:[::1]:4444", { kind: "tcp", host: "::1", port: 4444 }],
    ["tcp:0:4444", { kind: "tcp", host: "", port: 4444 }],
    ["tcp::0", { kind: "tcp", host: "", port: 0 }],
    ["unix:/run/a:b", { kind: "unix", path: "/run/a:b" }],
    ["exec:gzip -c > 'a b'", { kind: "exec", command: "gzip -c > 'a b'" }],
    ["file:a", { kind: "file", path: "a" }],
  ])("%s has its parts", (text, parts) => {
    expect(parseUri(text)).toEqual({ ...parts, text });
  });

  test.each([
    ["", "begins with none of"],
    ["tcp", "begins with none of"],
    ["rdma:h:1", "begins with none of"],
    ["tcp:host", "has no host and port"],
    ["tcp:::1:4444", "an IPv6 address in brackets"],
    ["tcp:h:65536", 'has the port "65536"; give a number from 0 to 65535'],
    ["tcp:h:", 'has the port ""'],
    ["tcp:h:-1", 'has the port "-1"'],
    ["tcp:h:4444,to=9", 'has the port "4444,to=9"'],
    ["unix:", "has no path"],
    [`unix:/${"x".repeat(107)}`, "has a path of 108 bytes, and that of a socket has at most 107"],
    ["file:", "has no path"],
    ["exec:", "has no command"],
    ["file:a\0b", "has no path"],
  ])("%j is refused, and the part named", (text, words) => {
    expect(() => parseUri(text)).toThrow(RangeError);
    expect(() => parseUri(text)).toThrow(words);
  });
});
