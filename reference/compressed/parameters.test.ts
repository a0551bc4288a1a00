import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFolder } from "../../spec/package.ts";
import { COMPRESSION_PARAMETERS, type CompressionParameter, compressionParameter } from "./parameters.ts";

const names = Object.keys(COMPRESSION_PARAMETERS) as CompressionParameter[];

test("the parameters have the ranges and usual values of the chapter", () => {
  const chapter = readFileSync(join(packageFolder, "docs/xbzrle/compressed.md"), "utf8");
  const rows = [...chapter.matchAll(/^\| `([a-z-]+)` \| (\d+) to (\d+) \| (\d+) \|/gm)];
  expect(rows.map(([, name, ...numbers]) => [name, ...numbers.map(Number)])).toEqual(
    names.map((name) => {
      const { least, most, usual } = COMPRESSION_PARAMETERS[name];
      return [name, least, most, usual];
    }),
  );
});

test.each(names)("%s is usual unless told, and refused outside of its range by its name and requirement", (name) => {
  const { least, most, usual, requirement } = COMPRESSION_PARAMETERS[name];
  expect(compressionParameter(name, undefined)).toBe(usual);
  for (const value of [least, most]) expect(compressionParameter(name, value)).toBe(value);
  for (const value of [least - 1, most + 1, usual + 0.5, Number.NaN]) {
    const message = `${name} has to be an integer from ${least} to ${most}, not ${value} (${requirement})`;
    expect(() => compressionParameter(name, value)).toThrow(message);
  }
});
