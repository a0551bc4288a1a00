/**
 * Copies of a few bytes and of many. None writes a byte behind the last.
 */

/** How many bytes of a long copy are under way at once. */
const STEP: u32 = 64;

/** Copies 1 to 16 bytes: two words that overlap, of the greatest size that is not more than all of them. */
export function copyFew(from: usize, to: usize, byteCount: u32): void {
  if (byteCount < 3) {
    const first = load<u8>(from);
    const last = load<u8>(from + byteCount - 1);
    store<u8>(to, first);
    store<u8>(to + byteCount - 1, last);
  } else if (byteCount <= 4) {
    const first = load<u16>(from);
    const last = load<u16>(from + byteCount - 2);
    store<u16>(to, first);
    store<u16>(to + byteCount - 2, last);
  } else if (byteCount <= 8) {
    const first = load<u32>(from);
    const last = load<u32>(from + byteCount - 4);
    store<u32>(to, first);
    store<u32>(to + byteCount - 4, last);
  } else {
    const first = load<u64>(from);
    const last = load<u64>(from + byteCount - 8);
    store<u64>(to, first);
    store<u64>(to + byteCount - 8, last);
  }
}

/** Copies 17 to 127 bytes: the last two vectors overlap. */
export function copySome(from: usize, to: usize, byteCount: u32): void {
  const lastTo = to + byteCount - 16;
  const last = v128.load(from + byteCount - 16);
  for (; to < lastTo; to += 16) {
    v128.store(to, v128.load(from));
    from += 16;
  }
  v128.store(lastTo, last);
}

/**
 * Copies 16 bytes or more. The engine's own copy is a call that takes longer than 16 of these vectors, and holds up the
 * stores of the next page.
 */
export function copyMany(from: usize, to: usize, byteCount: u32): void {
  const last = v128.load(from + byteCount - 16);
  const lastTo = to + byteCount - 16;
  while (to + STEP <= lastTo) {
    const bytes0 = v128.load(from);
    const bytes1 = v128.load(from, 16);
    const bytes2 = v128.load(from, 32);
    const bytes3 = v128.load(from, 48);
    v128.store(to, bytes0);
    v128.store(to, bytes1, 16);
    v128.store(to, bytes2, 32);
    v128.store(to, bytes3, 48);
    from += STEP;
    to += STEP;
  }
  for (; to < lastTo; to += 16) {
    v128.store(to, v128.load(from));
    from += 16;
  }
  v128.store(lastTo, last);
}
