/** The vectors for receivers asked of QEMU itself, as of any other implementation. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFolder } from "../../../spec/package.ts";
import { INSTALL_COMMAND, QEMU } from "../../../vectors/capture/machine.ts";
import { loadReceiveVectors } from "../../../vectors/index.ts";
import { runConformance } from "../../run.ts";
import { type KnownFailure, readKnownFailures } from "../../suites/known-failures.ts";
import { matchesId } from "../../suites/select.ts";
import { adapterFile, hasTool } from "../bundled.ts";

const path = adapterFile("qemu/known-failures.json");
const knownFailures = readKnownFailures(path);

describe.skipIf(!hasTool(QEMU))(`QEMU as an implementation under test (${INSTALL_COMMAND})`, () => {
  test("conforms as a receiver, but for the known failures, each of which it still shows.", async () => {
    const command = [process.execPath, join(packageFolder, "dist/conformance/adapters/qemu/cli.js")];
    const options = { operations: ["receive"], fuzz: 0, knownFailures: path };
    const report = await runConformance({ command, options, knownFailures });
    expect(report.reasons).toEqual([]);
    expect(report.verdict).toBe("conformant");
    const isKnown = matchesId(knownFailures.map(({ pattern }) => pattern));
    const known = loadReceiveVectors().filter(({ id }) => isKnown(id));
    expect(report.counts).toMatchObject({ known: known.length, pass: loadReceiveVectors().length - known.length });
  });

  // Without compressed records: QEMU sets their pages late (departures.md, "Compressed pages set late").
  test("makes of drawn streams what the chapters say, but for those that show two of its departures.", async () => {
    const command = [process.execPath, join(packageFolder, "dist/conformance/adapters/qemu/cli.js")];
    const some = { run: ["fuzz:*:receive:*"], fuzz: 400, seed: 7, knownFailures: "below" };
    const options = { ...some, operations: ["receive"] };
    const known: KnownFailure[] = [
      // docs/xbzrle/departures.md#crash-at-lengths-of-2-gib
      { pattern: "fuzz:7:receive:32", verdict: "error", reason: "a machine type of 4 GiB" },
      // docs/xbzrle/departures.md#parts-after-a-full
      { pattern: "fuzz:7:receive:{18,48,172}", verdict: "fail", reason: "parts after a full" },
    ];
    const report = await runConformance({ command, options, knownFailures: known });
    expect(report.failures.filter((failure) => failure.known === null)).toEqual([]);
    expect(report.counts).toMatchObject({ known: 4, pass: 196 });
  });
});

test("Every known failure of QEMU has its entry in departures.md.", () => {
  const departures = readFileSync(join(packageFolder, "docs/xbzrle/departures.md"), "utf8");
  const anchors = [...departures.matchAll(/^## (.+)$/gm)].map(([, title]) => {
    return `docs/xbzrle/departures.md#${title!.toLowerCase().replaceAll(" ", "-")}`;
  });
  for (const { link } of knownFailures) expect(anchors).toContain(link);
});
