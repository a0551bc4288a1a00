/**
 * XBZRLE: a delta is made from two pages, and applied to one (docs/xbzrle/delta.md).
 *
 * Written from the chapter alone. Pages have 1 to 65,536 bytes. Nothing is kept from one call to the next (DELTA-11,
 * DELTA-24).
 */

export const MAX_PAGE_SIZE = 65536;

/** The greatest length that 14 bits hold, written `ff 7f`. */
const MAX_LENGTH = 16383;

/** @typedef {{ kind: "unchanged" } | { kind: "delta", delta: Uint8Array } | { kind: "overflow" }} EncodeOutcome */

/** A delta that is refused: its fault, the offset in the delta where it shows, and the requirement. */
export class MalformedDeltaError extends Error {
  /** @override */
  name = "MalformedDeltaError";

  /**
   * @param {string} fault one of the eight names in the chapter
   * @param {number} deltaOffset
   * @param {string} found what stands there instead
   * @param {string} requirement
   */
  constructor(fault, deltaOffset, found, requirement) {
    super(`${fault} at delta byte ${deltaOffset}: ${found} (${requirement})`);
    this.fault = fault;
    this.deltaOffset = deltaOffset;
    this.requirement = requirement;
  }
}

/**
 * Makes the canonical delta that turns the old page into the new one, if it fits `capacity` bytes.
 *
 * Two equal pages are `unchanged`, whatever the capacity. It is an `overflow` if there is no canonical delta (a run of
 * more than 16,383 bytes that would have to be written) or if it has more than `capacity` bytes.
 *
 * @param {Uint8Array} oldPage
 * @param {Uint8Array} newPage as many bytes as `oldPage`
 * @param {number} capacity bytes, 0 or more
 * @returns {EncodeOutcome}
 * @throws {RangeError} if the pages differ in size, or if the size or the capacity is out of range
 */
export function encode(oldPage, newPage, capacity) {
  checkPageSize(oldPage);
  const pageSize = oldPage.length;
  if (newPage.length !== pageSize) {
    throw new RangeError(`the old page has ${pageSize} bytes and the new page ${newPage.length}`);
  }
  if (!(0 <= capacity)) throw new RangeError(`the capacity is ${capacity}, less than 0`);

  // Two page bytes take at most three bytes of a canonical delta, and a first zrun of length 0 takes one more.
  const delta = new Uint8Array(Math.min(capacity, Math.ceil(pageSize / 2) * 3 + 1));
  let deltaOffset = 0;
  let pageOffset = 0;
  let nzrunStart = skipEqual(oldPage, newPage, 0);

  // A zrun that reaches the end of the page is not written.
  while (nzrunStart < pageSize) {
    const zrun = nzrunStart - pageOffset;
    // DELTA-21, DELTA-25: the literals are the changed bytes, and no others.
    const nzrunEnd = skipChanged(oldPage, newPage, nzrunStart);
    const nzrun = nzrunEnd - nzrunStart;
    // DELTA-31: an overflow instead of a bridge, which no canonical delta has.
    if (MAX_LENGTH < zrun) return { kind: "overflow" };
    // DELTA-30
    if (MAX_LENGTH < nzrun) return { kind: "overflow" };
    // DELTA-26, DELTA-27, DELTA-29: N bytes fit a capacity of N, and none less.
    if (capacity - deltaOffset < lengthSize(zrun) + lengthSize(nzrun) + nzrun) return { kind: "overflow" };
    deltaOffset = writeLength(zrun, delta, deltaOffset);
    deltaOffset = writeLength(nzrun, delta, deltaOffset);
    // DELTA-23: the literals are the new bytes, not the XOR.
    delta.set(newPage.subarray(nzrunStart, nzrunEnd), deltaOffset);
    deltaOffset += nzrun;
    pageOffset = nzrunEnd;
    nzrunStart = skipEqual(oldPage, newPage, pageOffset);
  }

  // DELTA-20, DELTA-22: equal pages have no pair, and an empty delta is not written.
  if (deltaOffset === 0) return { kind: "unchanged" };
  return { kind: "delta", delta: delta.slice(0, deltaOffset) };
}

/**
 * Applies a delta to the old page, and returns the new page.
 *
 * Lengths in the longer form are taken, and so is an empty delta, which leaves the page as it is.
 *
 * @param {Uint8Array} oldPage
 * @param {Uint8Array} delta
 * @returns {Uint8Array} as many bytes as `oldPage`
 * @throws {MalformedDeltaError} if the delta is not well-formed
 * @throws {RangeError} if the page size is out of range
 */
export function decode(oldPage, delta) {
  checkPageSize(oldPage);
  // DELTA-5, DELTA-7, DELTA-10: what no nzrun names stays as it is in the old page.
  const newPage = Uint8Array.from(oldPage);
  let pageOffset = 0;
  let deltaOffset = 0;
  // DELTA-9: the first zrun, and no other, may be empty.
  let shortestZrun = 0;

  while (deltaOffset < delta.length) {
    const zrunOffset = deltaOffset;
    const zrun = readLength(delta, zrunOffset);
    deltaOffset += zrun.size;
    // DELTA-14
    if (zrun.length < shortestZrun) {
      throw new MalformedDeltaError("zrun-empty", zrunOffset, "not the first zrun", "DELTA-14");
    }
    shortestZrun = 1;
    const zrunRoom = oldPage.length - pageOffset;
    // DELTA-15
    if (zrunRoom < zrun.length) {
      const found = `${zrun.length} of ${zrunRoom} bytes left`;
      throw new MalformedDeltaError("zrun-past-page", zrunOffset, found, "DELTA-15");
    }
    pageOffset += zrun.length;
    // DELTA-16
    if (deltaOffset === delta.length) {
      throw new MalformedDeltaError("zrun-unpaired", zrunOffset, "the delta ends after the zrun", "DELTA-16");
    }

    const nzrunOffset = deltaOffset;
    const nzrun = readLength(delta, nzrunOffset);
    deltaOffset += nzrun.size;
    // DELTA-17
    if (nzrun.length === 0) {
      throw new MalformedDeltaError("nzrun-empty", nzrunOffset, "an nzrun of no bytes", "DELTA-17");
    }
    const nzrunRoom = oldPage.length - pageOffset;
    // DELTA-18
    if (nzrunRoom < nzrun.length) {
      const found = `${nzrun.length} of ${nzrunRoom} bytes left`;
      throw new MalformedDeltaError("nzrun-past-page", nzrunOffset, found, "DELTA-18");
    }
    const literalsLeft = delta.length - deltaOffset;
    // DELTA-19
    if (literalsLeft < nzrun.length) {
      const found = `${literalsLeft} of ${nzrun.length} literals`;
      throw new MalformedDeltaError("nzrun-truncated", deltaOffset, found, "DELTA-19");
    }
    // DELTA-6: the literal itself, not its XOR with the old byte.
    newPage.set(delta.subarray(deltaOffset, deltaOffset + nzrun.length), pageOffset);
    deltaOffset += nzrun.length;
    pageOffset += nzrun.length;
  }

  return newPage;
}

/** @param {Uint8Array} page */
function checkPageSize(page) {
  if (1 <= page.length && page.length <= MAX_PAGE_SIZE) return;
  throw new RangeError(`a page of ${page.length} bytes, not of 1 to ${MAX_PAGE_SIZE}`);
}

/**
 * @param {Uint8Array} oldPage
 * @param {Uint8Array} newPage
 * @param {number} pageOffset
 * @returns {number} the offset of the next changed byte, or the page size
 */
function skipEqual(oldPage, newPage, pageOffset) {
  while (pageOffset < oldPage.length && oldPage[pageOffset] === newPage[pageOffset]) pageOffset++;
  return pageOffset;
}

/**
 * @param {Uint8Array} oldPage
 * @param {Uint8Array} newPage
 * @param {number} pageOffset
 * @returns {number} the offset of the next byte that has not changed, or the page size
 */
function skipChanged(oldPage, newPage, pageOffset) {
  while (pageOffset < oldPage.length && oldPage[pageOffset] !== newPage[pageOffset]) pageOffset++;
  return pageOffset;
}

/**
 * @param {number} length
 * @returns {number} the bytes that say it: 1 or 2
 */
function lengthSize(length) {
  return length < 0x80 ? 1 : 2;
}

/**
 * @param {number} length 0 to 16383
 * @param {Uint8Array} delta
 * @param {number} deltaOffset
 * @returns {number} the offset after the length
 */
function writeLength(length, delta, deltaOffset) {
  // DELTA-4
  if (length < 0x80) {
    delta[deltaOffset] = length;
    return deltaOffset + 1;
  }
  delta[deltaOffset] = 0x80 | (length & 0x7f);
  delta[deltaOffset + 1] = length >> 7;
  return deltaOffset + 2;
}

/**
 * @param {Uint8Array} delta
 * @param {number} deltaOffset before the end of the delta
 * @returns {{ length: number, size: number }} the length, and how many bytes say it
 */
function readLength(delta, deltaOffset) {
  const first = delta[deltaOffset] ?? 0;
  // DELTA-1
  if (first < 0x80) return { length: first, size: 1 };
  const second = delta[deltaOffset + 1];
  // DELTA-12
  if (second === undefined) {
    throw new MalformedDeltaError("length-truncated", deltaOffset, "the delta ends in the length", "DELTA-12");
  }
  // DELTA-13
  if (0x80 <= second) {
    throw new MalformedDeltaError("length-too-long", deltaOffset, "a third byte would follow", "DELTA-13");
  }
  // DELTA-2, DELTA-3: a longer form is taken.
  return { length: (first & 0x7f) + 128 * second, size: 2 };
}
