/** Text forms of values that have no JavaScript number: decimals and UUIDs. */

/** An unscaled integer as decimal text with `scale` digits behind the point, as PostgreSQL prints numeric. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString();
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** DuckDB keeps a UUID as a 128-bit integer with its topmost bit flipped, so that it sorts as text does. */
export function uuidText(stored: bigint): string {
  const bits = BigInt.asUintN(128, stored) ^ (1n << 127n);
  const hex = bits.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
