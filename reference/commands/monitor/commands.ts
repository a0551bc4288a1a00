/**
 * The commands of the monitor: their words, what they do, and how a line that is begun can go on.
 */

import { InvalidArgumentError } from "commander";
import { parseInteger, parseSize } from "../numbers.ts";
import { CAPABILITIES, type Operator, PARAMETERS, type Parameter } from "./operator.ts";

/** A line that is none, or asks for what cannot be; the message is for the operator. */
export class MonitorError extends Error {
  override readonly name = "MonitorError";
}

/** A command. */
interface Command {
  /** Its arguments, for help. */
  readonly shape: string;
  readonly help: string;
  /** What can stand in the place of each argument. */
  readonly choices: readonly (readonly string[])[];
  /** Does it; gives what is printed. */
  readonly run: (operator: Operator, words: readonly string[]) => Promise<string> | string;
}

const URI_BEGINS = ["tcp:", "unix:", "exec:", "file:"];
const INFO = ["migrate", "migrate_cache_size", "migrate_capabilities", "migrate_parameters"];

const COMMANDS: Readonly<Record<string, Command>> = {
  migrate: {
    shape: "[-d] [-x] URI",
    help: "migrate to tcp:HOST:PORT, unix:PATH, exec:COMMAND or file:PATH; -d in the background, -x with XBZRLE, as in 2011",
    choices: [
      ["-d", "-x", ...URI_BEGINS],
      ["-d", "-x", ...URI_BEGINS],
      ["-d", "-x", ...URI_BEGINS],
    ],
    run: migrate,
  },
  migrate_cancel: {
    shape: "",
    help: "end the migration that runs; the guest goes on",
    choices: [],
    run: cancel,
  },
  migrate_set_capability: {
    shape: "NAME on|off",
    help: `turn a capability on or off: ${CAPABILITIES.join(", ")}`,
    choices: [CAPABILITIES, ["on", "off"]],
    run: setCapability,
  },
  migrate_set_parameter: {
    shape: "NAME VALUE",
    help: `set a parameter: ${PARAMETERS.join(", ")}`,
    choices: [PARAMETERS],
    run: (operator, [name, value, ...rest]) =>
      setParameter(operator, oneOf(name, PARAMETERS, "parameter"), value, rest),
  },
  migrate_set_cachesize: {
    shape: "SIZE",
    help: "set xbzrle-cache-size, as in 2011",
    choices: [],
    run: (operator, [value, ...rest]) => setParameter(operator, "xbzrle-cache-size", value, rest),
  },
  info: {
    shape: "migrate",
    help: `show how the migration stands, or what is set: ${INFO.join(", ")}`,
    choices: [INFO],
    run: info,
  },
  help: { shape: "", help: "show this", choices: [], run: () => helpText() },
  quit: { shape: "", help: "cancel what runs, and leave", choices: [], run: cancel },
};

/** The word that ends the conversation. */
export const QUIT = "quit";

/**
 * Does what a line says.
 *
 * @param operator - Whose migrations they are.
 * @param line - As it was typed; an empty one says nothing.
 * @returns What is printed, with line ends.
 * @throws MonitorError for what is wrong with the line.
 */
export async function runLine(operator: Operator, line: string): Promise<string> {
  const [name, ...words] = line.trim().split(/\s+/);
  if (!name) return "";
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new MonitorError(`there is no command ${JSON.stringify(name)}; help lists them`);
  try {
    // A command of a shell has spaces of its own.
    const rest = line.trim().slice(name.length).trim();
    return await command.run(operator, name === "migrate" ? migrateWords(rest) : words);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof InvalidArgumentError)) throw error;
    throw new MonitorError(error.message);
  }
}

/** How a line can go on: the words that its last one begins, and that one. */
export function complete(line: string): [string[], string] {
  const words = line.trimStart().split(/\s+/);
  const last = words.at(-1)!;
  const [name, ...before] = words.slice(0, -1);
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const choices = name === undefined ? Object.keys(COMMANDS) : (command?.choices[before.length] ?? []);
  const fitting = choices.filter((choice) => choice.startsWith(last));
  // Behind a whole word the next one begins; a URI goes on.
  return [fitting.map((choice) => (choice.endsWith(":") ? choice : `${choice} `)), last];
}

function migrateWords(rest: string): string[] {
  const [, options = "", uri = ""] = /^((?:-\S+\s+)*)(.*)$/.exec(rest) ?? [];
  return [...options.split(/\s+/).filter(Boolean), ...(uri === "" ? [] : [uri])];
}

async function migrate(operator: Operator, words: readonly string[]): Promise<string> {
  const options = words.filter((word) => word.startsWith("-"));
  const unknown = options.find((option) => !["-d", "-x"].includes(option));
  if (unknown !== undefined) throw new MonitorError(`migrate has no option ${unknown}; it has -d and -x`);
  const uri = words.find((word) => !word.startsWith("-"));
  if (uri === undefined) throw new MonitorError("migrate needs a URI: migrate [-d] [-x] URI");
  const over = operator.migrate(uri, { isAsOf2011: options.includes("-x") });
  if (!options.includes("-d")) await over;
  return "";
}

function setCapability(operator: Operator, [name, state, ...rest]: readonly string[]): string {
  const capability = oneOf(name, CAPABILITIES, "capability");
  if ((state !== "on" && state !== "off") || rest.length !== 0) {
    throw new MonitorError(`${capability} is turned on or off: migrate_set_capability ${capability} on|off`);
  }
  operator.setCapability(capability, state === "on");
  return "";
}

function setParameter(operator: Operator, name: Parameter, value: string | undefined, rest: readonly string[]): string {
  if (value === undefined || rest.length !== 0) throw new MonitorError(`${name} has one value; give one`);
  const parse = name === "max-bandwidth" || name === "xbzrle-cache-size" ? parseSize : parseInteger;
  operator.setParameter(name, parse(value));
  return "";
}

function info(operator: Operator, [topic, ...rest]: readonly string[]): string {
  if (rest.length !== 0) throw new MonitorError("info has one topic");
  switch (oneOf(topic, INFO, "topic")) {
    case "migrate":
      return operator.info;
    case "migrate_cache_size":
      return `xbzrle cache size: ${operator.parameters.get("xbzrle-cache-size")! / 1024} kbytes\n`;
    case "migrate_parameters":
      return [...operator.parameters].map(([name, value]) => `${name}: ${value}\n`).join("");
    default:
      return [...operator.capabilities].map(([name, isOn]) => `${name}: ${isOn ? "on" : "off"}\n`).join("");
  }
}

function helpText(): string {
  const lines = Object.entries(COMMANDS).map(
    ([name, { shape, help }]) => `${name} ${shape}`.trimEnd().padEnd(36) + help,
  );
  return lines.map((line) => `${line}\n`).join("");
}

async function cancel(operator: Operator): Promise<string> {
  await operator.cancel();
  return "";
}

function oneOf<Name extends string>(word: string | undefined, names: readonly Name[], what: string): Name {
  const found = names.find((name) => name === word);
  if (found !== undefined) return found;
  throw new MonitorError(
    `${word === undefined ? "there is no name" : `${JSON.stringify(word)} is none`} of a ${what}; they are ${names.join(", ")}`,
  );
}
