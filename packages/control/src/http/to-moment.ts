/** @returns RFC 3339; null where there is no such moment */
export function toMoment(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : new Date(epochMs).toISOString()
}
