import { afterEach, describe, expect, test } from "vitest";
import { MAX_ID_LENGTH } from "../protocol.ts";
import { caseRequests } from "./ask.ts";
import { Asker } from "./asker.ts";
import { badAdapter, inProcessFolder, numberedCase, numberedCases } from "./fakes/bad-run.ts";

describe("the requests of a case", () => {
  test("are those before it and its own, which alone is judged", () => {
    const requests = caseRequests(numberedCase("a", 0, 2));
    expect(requests.map(({ id, isJudged }) => [id, isJudged])).toEqual([
      ["a:b1", false],
      ["a:b2", false],
      ["a", true],
    ]);
  });

  test("have ids that fit the protocol, however long the path of shrinks in the case's own", () => {
    const path = Array.from({ length: 40 }, (_, index) => index).join(":");
    const ids = ["fuzz:4294967295:encode:999999", "fuzz:1:decode:0"]
      .flatMap((draw) => [numberedCase(`${draw}:${path}`, 0, 15), numberedCase(`${draw}:${path}:7`, 0, 15)])
      .flatMap(caseRequests)
      .map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(new RegExp(`^[A-Za-z0-9._:/-]{1,${MAX_ID_LENGTH}}$`));
    const [first] = ids;
    expect(new Set(ids.slice(0, 16)).size, first).toBe(16);
  });
});

describe("an asker", () => {
  let asker: Asker | undefined;
  afterEach(() => asker?.close());

  test("keeps its adapter from case to case, and starts another after a break", async () => {
    const { value, startedCount, survivors } = await inProcessFolder(async (folder) => {
      asker = new Asker(badAdapter(folder, "exit-3", "case/2"), 2000);
      const verdicts: string[] = [];
      for (const asked of numberedCases(5)) verdicts.push((await asker.ask(asked)).verdict);
      await asker.close();
      return verdicts;
    });
    expect(value).toEqual(["pass", "pass", "crash", "pass", "pass"]);
    expect([startedCount, survivors]).toEqual([2, []]);
  });

  test("does not blame a case for what the adapter did after the one before", async () => {
    const { value, survivors } = await inProcessFolder(async (folder) => {
      asker = new Asker(badAdapter(folder, "second-answer-later", "case/0"), 2000);
      const [first, second] = numberedCases(2);
      const verdicts = [(await asker.ask(first!)).verdict];
      await new Promise((resolve) => setTimeout(resolve, 500));
      verdicts.push((await asker.ask(second!)).verdict);
      await asker.close();
      return verdicts;
    });
    expect(value).toEqual(["pass", "pass"]);
    expect(survivors).toEqual([]);
  });

  test("does not run a case after the signal", async () => {
    const interruption = new AbortController();
    const { value, survivors } = await inProcessFolder(async (folder) => {
      asker = new Asker(badAdapter(folder, "hang", "case/0"), 60_000, interruption.signal);
      setTimeout(() => interruption.abort(), 500);
      return asker.ask(numberedCase("case/0", 0));
    });
    expect(value).toMatchObject({ verdict: "not-run" });
    expect(survivors).toEqual([]);
  });
});
