import { describe, expect, test } from "vitest";
import { run } from "../stream/fakes/run.ts";

describe("a relay is asked wrongly", () => {
  test.each([
    [["relay", "--listen", "tcp::0"], "required option '--to <URI>' not specified"],
    [["relay", "--listen", "file:a", "--to", "-"], "URI file:a is of a kind that a relay does not have here"],
    [["relay", "--listen", "exec:a", "--to", "-"], "URI exec:a is of a kind that a relay does not have here"],
    [["relay", "--listen", "-", "--to", "file:a"], "URI file:a is of a kind that a relay does not have here"],
    [["relay", "--listen", "-", "--to", "tcp:a:b"], 'URI tcp:a:b has the port "b"'],
    [["relay", "--listen", "-", "--to", "-", "--cache-size", "3M"], "xbzrle-cache-size has to be a power of two"],
    [
      ["relay", "--listen", "-", "--to", "-", "--compress-level", "10"],
      "compress-level has to be an integer from 0 to 9",
    ],
    [["relay", "--listen", "-", "--to", "-", "--policy", "fifo"], "Allowed choices are lru, qemu"],
    [["relay", "--listen", "-", "--to", "-", "--timeout", "0"], "timeout has to be an integer from 1"],
    [["relay", "--listen", "-", "--to", "-", "--statistics", "/no/such"], "--statistics /no/such is in a directory"],
    [["migration-helper"], "missing required argument 'DESTINATION'"],
    [["migration-helper", "a/b"], "DESTINATION a/b has no host"],
    [["migration-helper", "xbzrle://"], "DESTINATION xbzrle:// has no host"],
    [["migration-helper", "xbzrle://a/b"], "DESTINATION xbzrle://a/b is no such URI"],
    [["migration-helper", "xbzrle://a?cache-size=3M"], "xbzrle-cache-size has to be a power of two"],
    [["migration-helper", "xbzrle://a?no=1"], "unknown option '--no=1'"],
    [["migration-helper", "--policy=fifo", "a"], "Allowed choices are lru, qemu"],
  ])("%j", async (words, message) => {
    const { status, stderr } = await run(words);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
