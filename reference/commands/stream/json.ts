/**
 * JSON of what is in a stream: names there have any bytes, and a terminal takes more than those below 20 for codes.
 */

/** Gives a value as JSON of printable ASCII characters, indented by so many spaces; on one line unless told. */
export function asciiJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(/[\u007f-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
