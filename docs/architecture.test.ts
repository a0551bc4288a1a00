import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFolder } from "../spec/package.ts";

/** A module's path from the package's folder, and what it imports. */
interface Module {
  readonly path: string;
  readonly imports: readonly string[];
  readonly lineCount: number;
}

const FOLDERS = ["spec", "reference", "vectors", "conformance", "docs"];
/** Tests, and what stands in for real things in them. */
const CLOCK_OR_CHANCE = /\bDate\b|performance\.|Math\.random|(?<![#.\w])process\.|\bBuffer\b/;
const isTest = (path: string) => path.endsWith(".test.ts") || path.includes("/fakes/");
const modules = FOLDERS.flatMap(modulesOf);
const sources = modules.filter(({ path }) => !isTest(path));
const floors = readFloors();

describe("architecture", () => {
  test("gives every module a floor", () => {
    expect(modules.length).toBeGreaterThan(40);
    const homeless = sources.filter(({ path }) => floorOf(path) === undefined).map(({ path }) => path);
    expect(homeless).toEqual([]);
  });

  test("imports from the same folder and from floors below, never upwards", () => {
    const upwards = sources.flatMap(({ path, imports }) =>
      ownImports(imports)
        .filter((imported) => floorOf(path)! < floorOf(imported)!)
        .map((imported) => `${path} imports ${imported}`),
    );
    expect(upwards).toEqual([]);
  });

  test("has no circle of imports, types included", () => {
    const byPath = new Map(sources.map((module) => [module.path, module]));
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]): void => {
      expect(trail, `${trail.join(" -> ")} -> ${path}`).not.toContain(path);
      if (done.has(path)) return;
      for (const next of ownImports(byPath.get(path)?.imports ?? [])) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const { path } of sources) visit(path, []);
  });

  test("keeps node modules, clocks and randomness out of delta, record, stream, session, relay, guest and plan", () => {
    for (const { path, imports } of ["delta", "record", "stream", "session", "relay", "guest", "plan"].flatMap(
      (folder) => inFolder(`reference/${folder}/`),
    )) {
      expect(foreignImports(imports), path).toEqual([]);
      expect(readCode(path), path).not.toMatch(CLOCK_OR_CHANCE);
    }
  });

  test("lets simulations compress, and gives them no clock and no randomness but their own", () => {
    for (const { path, imports } of inFolder("reference/simulation/")) {
      expect(
        foreignImports(imports).filter((name) => name !== "node:zlib"),
        path,
      ).toEqual([]);
      expect(readCode(path), path).not.toMatch(CLOCK_OR_CHANCE);
    }
  });

  test("keeps packages out of reference, but for its commands", () => {
    for (const { path, imports } of inFolder("reference/")) {
      if (path.startsWith("reference/commands/")) continue;
      expect(
        foreignImports(imports).filter((name) => !name.startsWith("node:")),
        path,
      ).toEqual([]);
    }
  });

  test("keeps the reference out of the vectors and out of the harness", () => {
    for (const { path, imports } of [...inFolder("vectors/"), ...inFolder("conformance/harness/")]) {
      expect(
        ownImports(imports).filter((imported) => imported.startsWith("reference/")),
        path,
      ).toEqual([]);
    }
  });

  test("lets only commands and programs print and set an exit status", () => {
    const mayPrint =
      /\/commands\/|cli\.ts$|^spec\/extract|^conformance\/(adapters\/|bench\/(codec|relay|relay-pipe|session|streams|suite)\.ts)|^vectors\/capture\//;
    for (const { path } of sources) {
      if (mayPrint.test(path) || path.endsWith(".mjs")) continue;
      expect(readCode(path), path).not.toMatch(/console\.|(?<![#.\w])process\.(stdout|stderr|exit)/);
    }
  });

  test("has files of at most 300 lines", () => {
    expect(modules.filter(({ lineCount }) => 300 < lineCount).map(({ path }) => path)).toEqual([]);
  });
});

function modulesOf(folder: string): Module[] {
  const names = readdirSync(join(packageFolder, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /\.(ts|mjs)$/.test(name) && !/^(api|json)\//.test(name))
    .map((name) => {
      const path = join(folder, name);
      const source = readSource(path);
      const imports = [...source.matchAll(/(?:^import|^export [^=\n]* from|^\}|\bimport\().*?["']([^"']+)["']/gm)];
      const resolved = imports.map(([, name]) =>
        name!.startsWith(".") ? normalize(join(dirname(path), name!)) : name!,
      );
      return { path, imports: resolved, lineCount: source.split("\n").length - 1 };
    });
}

function readSource(path: string): string {
  return readFileSync(join(packageFolder, path), "utf8");
}

/** The source without its comments. */
function readCode(path: string): string {
  return readSource(path).replace(/\/\*.*?\*\/|^\s*\/\/.*?$/gms, "");
}

/** The floors of the table in architecture.md: a path or the beginning of one, and its number. */
function readFloors(): Map<string, number> {
  const rows = readSource("docs/architecture.md").matchAll(/^\| (\d+) \| (.+?) \|/gm);
  return new Map(
    [...rows].flatMap(([, floor, paths]) =>
      [...paths!.matchAll(/`([^`]+)`/g)].map(([, path]) => [path!, Number(floor)]),
    ),
  );
}

function floorOf(path: string): number | undefined {
  const places = [...floors.keys()].filter(
    (place) => path === place || (place.endsWith("/") && path.startsWith(place)),
  );
  const nearest = places.sort((left, right) => right.length - left.length)[0];
  return nearest === undefined ? undefined : floors.get(nearest);
}

function inFolder(folder: string): Module[] {
  const found = sources.filter(({ path }) => path.startsWith(folder));
  expect(found.length, folder).toBeGreaterThan(0);
  return found;
}

function ownImports(imports: readonly string[]): string[] {
  return imports.filter((name) => FOLDERS.some((folder) => name.startsWith(`${folder}/`)));
}

function foreignImports(imports: readonly string[]): string[] {
  return imports.filter((name) => !FOLDERS.some((folder) => name.startsWith(`${folder}/`)));
}
