/**
 * The rules of receivers switched off: for each MUST that binds a receiver the mutant that breaks it, as one who has made the
 * mistake would describe it. `receiver.ts` is the program.
 */

/** The mistake by the id of the requirement that it breaks, in the order of the chapters. */
export const RECEIVER_RULES_OFF: Readonly<Record<string, string>> = {
  "RECORD-1": "Takes no more than sixteen bits of the address.",
  "RECORD-2": "Skips a word whose flags it does not know.",
  "RECORD-3": "Skips a hook.",
  "RECORD-6": "Applies all deltas at the end of the stream.",
  "RECORD-8": "Expects a name before the first page alone.",
  "RECORD-9": "Forgets the block at the end of a payload.",
  "RECORD-10": "Takes CONTINUE before any name for its only block.",
  "RECORD-11": "Takes any name for its only block.",
  "RECORD-12": "Skips a page that is not in the block.",
  "RECORD-15": "Fills a zero page with 01.",
  "RECORD-18": "Leaves the page as it is where all bytes of the record are ff.",
  "RECORD-19": "Applies each delta to the page that the first delta was for.",
  "RECORD-20": "Does not look at the encoding.",
  "RECORD-21": "Takes a delta of any length.",
  "RECORD-22": "Leaves the page as it is where the delta is malformed.",
  "RECORD-24": "Expects a block in every list.",
  "RECORD-25": "Ends the list where a used length is more than what is left.",
  "RECORD-26": "Takes any name in a list for its only block.",
  "RECORD-27": "Does not compare the used length with that of its block.",
  "RECORD-28": "Takes a used length that is 0 or no multiple of the page size.",
  "RECORD-29": "Reads one more record after an end of section where no footer follows.",
  "STREAM-1": "Does not look at the magic number.",
  "STREAM-2": "Does not look at the version.",
  "STREAM-3": "Takes a stream without a configuration.",
  "STREAM-4": "Does not look at the machine type.",
  "STREAM-5": "Takes a subsection that it does not know for one without content.",
  "STREAM-6": "Does not look at the page size.",
  "STREAM-7": "Does not look at the capabilities.",
  "STREAM-10": "Skips a byte that begins no item.",
  "STREAM-11": "Takes any section for that of the RAM.",
  "STREAM-12": "Does not look at the version of the section.",
  "STREAM-13": "Takes 2 for the id of the section, whatever the start says.",
  "STREAM-14": "Takes an item of any id for one of the RAM.",
  "STREAM-15": "Takes two parts at most.",
  "STREAM-16": "Takes any byte for the first of a footer.",
  "STREAM-17": "Does not look at the id in a footer.",
  "STREAM-19": "Skips a command that it does not know.",
  "STREAM-20": "Takes a command with any number of octets.",
  "STREAM-22": "Applies deltas in postcopy.",
  "STREAM-23": "Takes what there is of a stream that was cut.",
  "STREAM-24": "Refuses a stream without a description.",
  "STREAM-25": "Refuses a description that is no JSON.",
  "COMP-1": "Leaves the page as it is, whatever zlib gives.",
  "COMP-2": "Skips a zlib stream of no bytes.",
  "COMP-3": "Takes a zlib stream of any length.",
  "COMP-4": "Leaves the page as it is where zlib finds an error.",
  "COMP-5": "Takes the first bytes of what is more than a page.",
};

const RECEIVER_PREFIX = "receiver/";

/** The ids of these mutants, by which each can be started as an adapter: `receiver/RECORD-1`. */
export function receiverMutantIds(): string[] {
  return Object.keys(RECEIVER_RULES_OFF).map((rule) => `${RECEIVER_PREFIX}${rule}`);
}

/** The rule that the mutant of such an id breaks; nothing for another text. */
export function brokenByReceiver(id: string): string | undefined {
  return receiverMutantIds().includes(id) ? id.slice(RECEIVER_PREFIX.length) : undefined;
}
