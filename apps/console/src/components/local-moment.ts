// Converts times between the API (UTC) and fields (the user's time zone).
import { DAY_MS, MINUTE_MS } from '@crosswalk/protocol'

/** @param moment - RFC 3339 */
export function toLocalInput(moment: string | undefined): string {
  if (moment === undefined) return ''
  const at = new Date(moment)
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS)
  return shifted.toISOString().slice(0, 16)
}

/** @returns RFC 3339 in UTC; empty for an empty or unfinished field */
export function fromLocalInput(value: string): string {
  const at = new Date(value)
  return value === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString()
}

export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** @param from - RFC 3339; default: now @returns RFC 3339, that many days later, to the full minute as a field shows */
export function inDays(days: number, from: string | undefined = undefined): string {
  const end = (from === undefined ? Date.now() : Date.parse(from)) + days * DAY_MS
  return new Date(end - (end % MINUTE_MS)).toISOString()
}
