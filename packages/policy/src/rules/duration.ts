// Durations in the forms that users write: 43200, "43200", "12h", "1d12h", "90m".

const UNITS = [
  { letter: 'd', seconds: 86_400 },
  { letter: 'h', seconds: 3_600 },
  { letter: 'm', seconds: 60 },
  { letter: 's', seconds: 1 },
] as const

const WRITTEN = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/

/** @returns whole seconds; undefined if the value is not a duration */
export function parseDurationSeconds(value: string | number | boolean): number | undefined {
  if (typeof value === 'boolean') return undefined
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  if (/^\d{1,12}$/.test(value)) return Number(value)
  const match = WRITTEN.exec(value)
  if (match === null || value === '') return undefined
  return UNITS.reduce((sum, { seconds }, index) => sum + Number(match[index + 1] ?? 0) * seconds, 0)
}

/** @returns the valid durations of a clause, in seconds */
export function parseDurations(written: readonly (string | number | boolean)[]): readonly number[] {
  return written.flatMap((one) => parseDurationSeconds(one) ?? [])
}

/** @returns the shortest exact form: `12h`, `1d12h`, `90s` as `1m30s`, `0s` */
export function renderDuration(totalSeconds: number): string {
  const parts: string[] = []
  let rest = Math.floor(totalSeconds)
  for (const { letter, seconds } of UNITS) {
    const count = Math.floor(rest / seconds)
    if (count > 0) parts.push(`${count}${letter}`)
    rest -= count * seconds
  }
  return parts.join('') || '0s'
}
