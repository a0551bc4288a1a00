import { expect, test } from "vitest";
import { checkAdapter } from "./checkup.ts";

/** An adapter in JavaScript: `line` becomes its answer; `before` and `after` are statements around the loop. */
function adapter({ answer = "good(line)", before = "", after = "" }): string[] {
  const program = `
    const good = (line) => {
      const [id, operation, ...fields] = line.replace(/\\r$/, "").split(" ");
      if (id === "hello") return "hello 1 fake 1 decode";
      return operation === "decode" ? id + " page " + fields[0].toLowerCase() : id + " unsupported";
    };
    let text = "", held = "";
    ${before};
    process.stdin.setEncoding("latin1").on("data", (chunk) => {
      const lines = (text + chunk).split("\\n");
      text = lines.pop();
      for (const line of lines) { const answer = ${answer}; if (answer) process.stdout.write(answer + "\\n"); }
    }).on("end", () => { process.stdout.write(held); ${after}; });
  `;
  return [process.execPath, "-e", program];
}

async function findings(command: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { finding } of checkAdapter(command, 700)) if (finding !== undefined) found.push(finding);
  return found;
}

/** An answer, which comes twice to one request. */
const twice = (id: string) => `good(line) + (/^${id} /.test(line) ? "\\n" + good(line) : "")`;

test("An adapter that follows the protocol is well.", async () => {
  expect(await findings(adapter({}))).toEqual([]);
});

test.each([
  ["there is no such program", ["/no/such/program"], "there is no program"],
  ["a banner before the hello", adapter({ before: 'console.log("welcome")' }), '"welcome"'],
  [
    "text after an answer",
    adapter({ answer: '/^hello/.test(line) ? good(line) : good(line) + "\\ndone"' }),
    "write nothing but answers",
  ],
  [
    "answers that are held back",
    adapter({ answer: '/^hello/.test(line) ? good(line) : void (held += good(line) + "\\n")' }),
    "flush after every answer",
  ],
  ["a request that is answered twice", adapter({ answer: twice("r7") }), "of 64 requests it answers r7 more than once"],
  [
    "the last request answered twice",
    adapter({ answer: twice("r63") }),
    "of 64 requests it answers r63 more than once",
  ],
  [
    "a request that is answered in the place of another",
    adapter({ answer: 'good(line.replace(/^r8 /, "r7 "))' }),
    "of 64 requests it does not answer r8 and answers r7 more than once",
  ],
  ["a CR kept", adapter({ answer: 'good(line) + (/\\r$/.test(line) ? "00" : "")' }), "drop a CR"],
  ["upper-case digits misread", adapter({ answer: '/AB/.test(line) ? "a malformed" : good(line)' }), "accept both"],
  ["silence for an unknown operation", adapter({ answer: '/no-such/.test(line) ? "" : good(line)' }), "does not write"],
  ["an exit status at the end of input", adapter({ after: "process.exitCode = 7" }), "exit status 7"],
  ["no end at the end of input", adapter({ after: "setInterval(() => {}, 1000)" }), "runs on"],
  ["long lines refused", adapter({ answer: 'line.length > 100000 ? "" : good(line)' }), "does not write an answer"],
])("Doctor finds %s, and says what to change.", async (_, command, advice) => {
  expect((await findings(command)).join("\n")).toContain(advice);
});
