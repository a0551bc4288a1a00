/** Compares the files that would be written with those that are checked in. */

/** How many characters of a line are shown, and how many of them stand before the first that differs. */
const SHOWN = 160;
const SHOWN_BEFORE = 60;

/** One sentence for each file that is missing, surplus or different; none if all are the same. Names map to texts. */
export function compareFiles(wanted: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string[] {
  const names = [...new Set([...wanted.keys(), ...found.keys()])].sort();
  return names.flatMap((name) => {
    const wantedText = wanted.get(name);
    const foundText = found.get(name);
    if (wantedText === foundText) {
      return [];
    }
    if (wantedText === undefined) {
      return [`${name}: surplus, no family makes it`];
    }
    return foundText === undefined ? [`${name}: missing`] : [`${name}: ${firstDifference(wantedText, foundText)}`];
  });
}

function firstDifference(wanted: string, found: string): string {
  const wantedLines = wanted.split("\n");
  const foundLines = found.split("\n");
  const index = wantedLines.findIndex((line, at) => line !== foundLines[at]);
  const line = index < 0 ? wantedLines.length : index;
  const [wantedLine, foundLine] = [wantedLines[line], foundLines[line]];
  const from = Math.max(0, firstDifferingColumn(wantedLine ?? "", foundLine ?? "") - SHOWN_BEFORE);
  return `differs from line ${line + 1} on\n  generated:  ${shown(wantedLine, from)}\n  checked in: ${shown(foundLine, from)}`;
}

function firstDifferingColumn(wanted: string, found: string): number {
  let column = 0;
  while (column < wanted.length && wanted[column] === found[column]) {
    column++;
  }
  return column;
}

function shown(line: string | undefined, from: number): string {
  if (line === undefined) {
    return "(no such line)";
  }
  return `${from === 0 ? "" : "..."}${line.slice(from, from + SHOWN)}`;
}
