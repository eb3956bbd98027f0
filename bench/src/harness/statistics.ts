// Summaries of measured values.

export interface Spread {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

/** @throws if the list is empty */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const low = sorted[Math.floor((sorted.length - 1) / 2)]
  const high = sorted[Math.ceil((sorted.length - 1) / 2)]
  if (low === undefined || high === undefined) throw new Error('no values to summarise')
  return { median: (low + high) / 2, lowest: sorted[0] ?? low, highest: sorted.at(-1) ?? high }
}

/** The 99th percentile. @throws if the list is empty */
export function ninetyNinth(values: readonly number[]): number {
  const value = [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1]
  if (value === undefined) throw new Error('no values to summarise')
  return value
}
