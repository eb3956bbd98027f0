/** @returns RFC 3339; null without a moment */
export function toMoment(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : new Date(epochMs).toISOString()
}
