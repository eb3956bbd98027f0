// Times in tokens, in words.
export const TIME_CLAIMS: ReadonlySet<string> = new Set(['iat', 'exp', 'nbf', 'auth_time', 'updated_at'])

/** @returns UTC and the distance from now: `2026-03-02T10:00:00Z (in 4 min)`; undefined for an invalid time */
export function renderTime(seconds: number, nowSeconds: number): string | undefined {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return undefined
  const distance = renderDuration(Math.abs(seconds - nowSeconds))
  return `${date.toISOString().replace(/\.\d+Z$/, 'Z')} (${seconds > nowSeconds ? `in ${distance}` : `${distance} ago`})`
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const

function renderDuration(seconds: number): string {
  const unit = UNITS.find(([, size]) => seconds >= size)
  return unit === undefined ? `${Math.round(seconds)} s` : `${Math.floor(seconds / unit[1])} ${unit[0]}`
}
