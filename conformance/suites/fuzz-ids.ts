/**
 * What fuzz cases are called, of which kinds there are how many, and in which section of a report each is counted. Nothing is drawn here.
 */

/** The kinds for codecs: each is an operation. */
export const CODEC_KINDS = ["encode", "decode"] as const;

/** The kinds for receivers: streams without compressed records, and streams with them. */
export const STREAM_KINDS = ["receive", "compressed"] as const;

/** The kind for senders: guests. */
export const GUEST_KINDS = ["send"] as const;

/** Every kind, in the groups in which they are drawn. */
const KIND_GROUPS = [CODEC_KINDS, STREAM_KINDS, GUEST_KINDS] as const;

/** Every kind. */
export const FUZZ_KINDS = KIND_GROUPS.flat();

/** One of {@link FUZZ_KINDS}. */
export type FuzzKind = (typeof FUZZ_KINDS)[number];

/** What every section of fuzz cases is called, or begins with: `fuzz` of codecs, `fuzz/receive`, `fuzz/compressed`, `fuzz/send`. */
export const FUZZ_SECTION = "fuzz";

/** For so many cases of codecs there is one stream: a stream is larger, and takes a receiver longer. */
const CODEC_CASES_A_STREAM = 10;

/** And for so many there is one guest, which is many pages to send, and a stream to be judged. */
const CODEC_CASES_A_GUEST = 20;

/** More than a group of any run has fuzz cases. */
const MOST_OF_GROUP = 2 ** 32;

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
 * What is drawn for the operations when `count` cases are asked for: as many of codecs, then a tenth as many streams, and then a
 * twentieth as many guests. Without codecs there are as many streams, and half as many guests; of `send` alone, as many guests.
 */
export function kindGroups(count: number, operations: readonly string[]): KindGroup[] {
  const codec = CODEC_KINDS.filter((operation) => operations.includes(operation));
  const [receives, sends] = [operations.includes("receive"), operations.includes("send")];
  // What is asked first of all has the whole count, and what comes behind it its part.
  const scale = codec.length !== 0 ? 1 : receives ? CODEC_CASES_A_STREAM : CODEC_CASES_A_GUEST;
  const countOf = (isAsked: boolean, each: number) => (isAsked ? Math.floor((count * scale) / each) : 0);
  return [
    { kinds: codec, count: countOf(codec.length !== 0, 1) },
    { kinds: STREAM_KINDS, count: countOf(receives, CODEC_CASES_A_STREAM) },
    { kinds: GUEST_KINDS, count: countOf(sends, CODEC_CASES_A_GUEST) },
  ];
}

/** What is drawn, in words: `20000 fuzz cases, 2000 fuzz streams and 1000 fuzz guests`. */
export function fuzzText(count: number, operations: readonly string[]): string {
  const nouns = ["cases", "streams", "guests"];
  const parts = kindGroups(count, operations).flatMap((group, index) => {
    return group.count === 0 ? [] : [`${group.count} fuzz ${nouns[index]}`];
  });
  return parts.length === 0 ? "no fuzzing" : new Intl.ListFormat("en-GB").format(parts);
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
  const group = KIND_GROUPS.findIndex((kinds) => (kinds as readonly string[]).includes(draw.kind));
  const kinds: readonly string[] = KIND_GROUPS[group]!;
  return group * MOST_OF_GROUP + draw.index * kinds.length + kinds.indexOf(draw.kind);
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
