/** What the flags of vectors mean. A family carries the notes of the flags that it uses. */

/** Each flag and its note. */
export const NOTES: Readonly<Record<string, string>> = {
  "empty-delta": "The delta has no bytes: a decoder may refuse it, or give the old page (DELTA-10).",
  "longer-form":
    "A length below 128 stands in two bytes: a decoder may refuse it, or take its value (DELTA-3); an empty run stays a fault.",
  "no-canonical-delta":
    "A zrun before the last changed byte is longer than 16383: overflow and a bridged delta both conform (DELTA-31).",
  "not-canonical": "The delta is well-formed and not canonical: a decoder has to accept it (DELTA-8).",
  "real-page": "The pages are from the memory of a guest that was running.",
  "room-for-two":
    "The capacity is N or N + 1: overflow conforms too, as an encoder may ask for room for two bytes before a length (DELTA-28).",
};
