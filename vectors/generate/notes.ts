/** What the flags of vectors mean. A family carries the notes of the flags that it uses. */

/** Each flag and its note. */
export const NOTES: Readonly<Record<string, string>> = {
  "bytes-after-zlib":
    "Bytes follow the end of the zlib stream: a receiver may refuse them, or not look at them (COMP-7).",
  "description-cut":
    "The stream ends within its description, which no receiver needs: it may refuse it, or not look at it.",
  "empty-delta": "The delta has no bytes: a decoder may refuse it, or give the old page (DELTA-10).",
  "end-with-more":
    "An end of section has an address or CONTINUE: a receiver may refuse it, or not look at them (RECORD-31).",
  "fill-not-zero":
    "A zero record has another fill than 00: a receiver may refuse it, or set the page to the fill (RECORD-16).",
  "longer-form":
    "A length below 128 stands in two bytes: a decoder may refuse it, or take its value (DELTA-3); an empty run stays a fault.",
  "multifd-flush": "A receiver may refuse a multifd flush, or go on after it (RECORD-4).",
  "no-canonical-delta":
    "A zrun before the last changed byte is longer than 16383: overflow and a bridged delta both conform (DELTA-31).",
  "no-last": "The section of the RAM has no last item: a receiver may refuse that, or not (STREAM-18).",
  "not-canonical": "The delta is well-formed and not canonical: a decoder has to accept it (DELTA-8).",
  "real-page": "The pages are from the memory of a guest that was running.",
  "room-for-two":
    "The capacity is N or N + 1: overflow conforms too, as an encoder may ask for room for two bytes before a length (DELTA-28).",
  "short-page":
    "The zlib stream has less than a page: a receiver may refuse it, or set the bytes that are there (COMP-6).",
};
