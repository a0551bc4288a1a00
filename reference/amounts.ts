/**
 * Amounts as people read them.
 */

/**
 * Gives a part of something.
 *
 * @param part - How much.
 * @param whole - Of how much; 1 for a part that is a ratio already.
 * @returns With a tenth: `82.3 %`.
 */
export function percentText(part: number, whole = 1): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

/**
 * Gives a number of bytes in the largest unit that it has one of.
 *
 * @param byteCount - 0 or more.
 * @returns To a tenth, not rounded up: `512 KiB`, `1.5 GiB`.
 */
export function sizeText(byteCount: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(byteCount || 1) / 10)));
  return `${Math.floor((10 * byteCount) / 1024 ** unit) / 10} ${units[unit]}`;
}
