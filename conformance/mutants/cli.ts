/**
 * Program: `node dist/conformance/mutants/cli.js [--check | --worse | --list]` asks every vector of every mutant and writes the kill matrix, and
 * those of receivers and of senders. A matrix that is worse than the one that is checked in is not written, unless `--worse` says that it is meant so. With `--check`
 * nothing is written: each matrix has to be the one that is checked in. `--list` lists the mutants and the legal variants.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { MUTANTS } from "./catalog.ts";
import { matrixFaults, worsenings } from "./compare.ts";
import { type KillMatrix, killMatrix } from "./matrix.ts";
import { matrixFile, matrixLines, matrixMarkdown, matrixPage, readMatrix } from "./matrix-text.ts";
import { receiverMatrix, receiverMatrixMarkdown, receiverMatrixPage } from "./receiver-matrix.ts";
import { brokenByReceiver, RECEIVER_RULES_OFF, receiverMutantIds } from "./receiver-rules-off.ts";
import { RULES_OFF } from "./rules-off.ts";
import { senderMatrix, senderMatrixMarkdown, senderMatrixPage } from "./sender-matrix.ts";
import { SENDER_VARIANTS, senderId, senderMutants } from "./sender-mistakes.ts";
import { VARIANTS } from "./variants.ts";

process.exitCode = main(process.argv.slice(2));

function main(options: readonly string[]): number {
  const [option, ...others] = options;
  if (0 < others.length || (option !== undefined && !["--check", "--worse", "--list"].includes(option))) {
    console.error("usage: cli.js [--check | --worse | --list]");
    return 2;
  }
  if (option === "--list") return list();
  console.log(`asking the vectors of ${MUTANTS.length} mutants; this takes some minutes`);
  const matrix = killMatrix(MUTANTS, RULES_OFF);
  const faults = matrixFaults(matrix);
  if (option !== "--worse" && existsSync(matrixFile)) faults.push(...worsenings(readMatrix(), matrix));
  if (0 < faults.length) {
    console.error(faults.join("\n"));
    return 1;
  }
  console.log(`${matrix.mutants.length} mutants, all killed by ${matrix.vectorCount} vectors`);
  return option === "--check" ? check(matrix) : write(matrix);
}

function list(): number {
  for (const { id, breaks, what } of MUTANTS) console.log(`${id} (breaks ${breaks}): ${what}`);
  for (const id of receiverMutantIds()) {
    const rule = brokenByReceiver(id)!;
    console.log(`${id} (breaks ${rule}): ${RECEIVER_RULES_OFF[rule]}`);
  }
  for (const mutant of senderMutants()) {
    console.log(`${senderId(mutant)} (breaks ${mutant.requirement}): ${mutant.what}`);
  }
  for (const variant of SENDER_VARIANTS) {
    console.log(`${senderId(variant)} (left open by ${variant.requirement}): ${variant.what}`);
  }
  for (const { id, allowedBy, what } of VARIANTS) console.log(`${id} (left open by ${allowedBy}): ${what}`);
  return 0;
}

function check(matrix: KillMatrix): number {
  const others = filesOf(matrix).filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text);
  for (const [path] of others) console.error(`${path} is not what these vectors and mutants give: npm run mutants`);
  return others.length === 0 ? 0 : 1;
}

function write(matrix: KillMatrix): number {
  for (const [path, text] of filesOf(matrix)) writeFileSync(path, text);
  return 0;
}

/** Every file that shows a matrix, and what it is to hold. */
function filesOf(matrix: KillMatrix): readonly (readonly [path: string, text: string])[] {
  return [
    [matrixFile, matrixLines(matrix)],
    [matrixPage, matrixMarkdown(matrix)],
    [receiverMatrixPage, receiverMatrixMarkdown(receiverMatrix())],
    [senderMatrixPage, senderMatrixMarkdown(senderMatrix())],
  ];
}
