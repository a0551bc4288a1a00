/** From the compact notation of `vectors/json` to bytes. Its inverse is `compact.ts`. */

import type { BytesText, PageText, PatchesText } from "./format.ts";

/** The bytes that `text` stands for. The text is taken as valid by `spec/vector.schema.json`. */
export function expandBytes(text: BytesText): Uint8Array {
  return new Uint8Array(
    Buffer.concat(text.map((item) => (typeof item === "string" ? hexBytes(item) : repeated(item[0], item[1])))),
  );
}

/** The page that `text` stands for, `text.size` bytes. */
export function expandPage(text: PageText): Uint8Array {
  const page = new Uint8Array(text.size);
  Buffer.from(page.buffer).fill(text.fill, "hex");
  return layPatches(page, text.patches ?? []);
}

/** Lays the patches over `page`, in order, and returns it. Throws a `RangeError` if a patch ends past the page. */
export function layPatches(page: Uint8Array, patches: PatchesText): Uint8Array {
  for (const [pageOffset, hex, count] of patches) {
    page.set(repeated(hex, count ?? 1), pageOffset);
  }
  return page;
}

function hexBytes(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}

function repeated(hex: string, count: number): Uint8Array {
  return count === 1 ? hexBytes(hex) : Buffer.alloc((hex.length / 2) * count, hex, "hex");
}
