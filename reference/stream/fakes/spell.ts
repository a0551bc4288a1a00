/** Streams for tests, as a writer spells them. */

import { StreamWriter } from "../write.ts";

/** The stream that begins with the configuration of the machine type `none`, and goes on with what is written. */
export function spell(write: (writer: StreamWriter) => void): Uint8Array {
  return written((writer) => {
    writer.configuration("none");
    write(writer);
  });
}

/** The bytes of what is written. */
export function written(write: (writer: StreamWriter) => void): Uint8Array {
  const bytes: number[] = [];
  const writer = new StreamWriter((piece) => {
    for (const byte of piece) bytes.push(byte);
  });
  write(writer);
  writer.flush();
  return Uint8Array.from(bytes);
}
