// The period of a list of decisions, as in the URL.
export const LIST_PERIODS = { '1h': 1, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const
export type ListPeriod = keyof typeof LIST_PERIODS

/** @returns the start of the period in RFC 3339; undefined for all decisions */
export function sinceOf(period: string | undefined, now: number): string | undefined {
  if (period === undefined || !Object.hasOwn(LIST_PERIODS, period)) return undefined
  return new Date(now - LIST_PERIODS[period as ListPeriod] * 3_600_000).toISOString()
}
