/**
 * What fuzz cases are called, of which kinds there are how many, and in which section of a report each is counted. Nothing is drawn here.
 */

/** The kinds for codecs: each is an operation. */
export const CODEC_KINDS = ["encode", "decode"] as const;

/** The kinds for receivers: streams without compressed records, and streams with them. */
export const STREAM_KINDS = ["receive", "compressed"] as const;

/** Every kind. */
export const FUZZ_KINDS = [...CODEC_KINDS, ...STREAM_KINDS] as const;

/** One of {@link FUZZ_KINDS}. */
export type FuzzKind = (typeof FUZZ_KINDS)[number];

/** What every section of fuzz cases is called, or begins with: `fuzz` of codecs, `fuzz/receive`, `fuzz/compressed`. */
export const FUZZ_SECTION = "fuzz";

/** For so many cases of codecs there is one stream: a stream is larger, and takes a receiver longer. */
const CODEC_CASES_A_STREAM = 10;

/** More than the codecs of any run have fuzz cases. */
const MOST_CODEC_CASES = 2 ** 32;

/** Where a case was drawn: `shrinks` is the path of the shrinks behind it. */
export interface Draw {
  readonly kind: FuzzKind;
  readonly seed: number;
  /** Among the cases of its kind. */
  readonly index: number;
  readonly shrinks: readonly string[];
}

/** So many cases, their kinds in turn. */
export interface KindGroup {
  readonly kinds: readonly FuzzKind[];
  readonly count: number;
}

/**
 * What is drawn for the operations when `count` cases are asked for: as many of codecs, and then a tenth as many streams; where
 * `receive` is the only operation, all of them streams.
 */
export function kindGroups(count: number, operations: readonly string[]): KindGroup[] {
  const codec = CODEC_KINDS.filter((operation) => operations.includes(operation));
  const streamCount = codec.length === 0 ? count : Math.floor(count / CODEC_CASES_A_STREAM);
  return [
    { kinds: codec, count: codec.length === 0 ? 0 : count },
    { kinds: STREAM_KINDS, count: operations.includes("receive") ? streamCount : 0 },
  ];
}

/** What is drawn, in words: `20000 fuzz cases and 2000 fuzz streams`. */
export function fuzzText(count: number, operations: readonly string[]): string {
  const [codec, streams] = kindGroups(count, operations).map((group) => group.count);
  const parts = [...(codec ? [`${codec} fuzz cases`] : []), ...(streams ? [`${streams} fuzz streams`] : [])];
  return parts.length === 0 ? "no fuzzing" : parts.join(" and ");
}

/** The draws of {@link kindGroups}, in the order in which they are asked. */
export function* fuzzDraws(count: number, seed: number, operations: readonly string[]): Generator<Draw> {
  for (const group of kindGroups(count, operations)) {
    const { kinds } = group;
    for (let drawn = 0; drawn < group.count; drawn++) {
      yield { kind: kinds[drawn % kinds.length]!, seed, index: Math.floor(drawn / kinds.length), shrinks: [] };
    }
  }
}

/** How many cases of a kind are in its group: those of all kinds come in turn. */
export function countOfKind({ kinds, count }: KindGroup, kind: FuzzKind): number {
  return Math.ceil((count - kinds.indexOf(kind)) / kinds.length);
}

/** The section of a kind. */
export function fuzzSectionOf(kind: FuzzKind): string {
  return (CODEC_KINDS as readonly string[]).includes(kind) ? FUZZ_SECTION : `${FUZZ_SECTION}/${kind}`;
}

/** True for the sections of fuzz cases. */
export function isFuzzSection(section: string): boolean {
  return section.split("/")[0] === FUZZ_SECTION;
}

/** Where a fuzz case stands among all of them, by its id; nothing for another text. */
export function fuzzOrdinal(id: string): number | undefined {
  const draw = parseFuzzId(id);
  if (draw === undefined) return undefined;
  const isStream = (STREAM_KINDS as readonly string[]).includes(draw.kind);
  const kinds: readonly string[] = isStream ? STREAM_KINDS : CODEC_KINDS;
  return (isStream ? MOST_CODEC_CASES : 0) + draw.index * kinds.length + kinds.indexOf(draw.kind);
}

/** The id of a draw. */
export function fuzzId({ seed, kind, index, shrinks }: Draw): string {
  return ["fuzz", seed, kind, index, ...shrinks].join(":");
}

/** The draw of an id; nothing for another text. */
export function parseFuzzId(id: string): Draw | undefined {
  const [word, seed, kind, index, ...shrinks] = id.split(":");
  const areNumbers = [seed, index, ...shrinks].every((text) => text !== undefined && /^\d+$/.test(text));
  if (word !== "fuzz" || !areNumbers || !(FUZZ_KINDS as readonly (string | undefined)[]).includes(kind))
    return undefined;
  return { kind: kind as FuzzKind, seed: Number(seed), index: Number(index), shrinks };
}
