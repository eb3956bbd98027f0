// The axis of a bar chart.
const INTERVALS = 3

/** @returns whole numbers from zero to at least `most`, in steps of 1, 2 or 5 times a power of ten */
export function buildScale(most: number): number[] {
  const least = Math.max(1, most / INTERVALS)
  const power = 10 ** Math.floor(Math.log10(least))
  const step = power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10)
  const intervals = Math.max(1, Math.ceil(most / step))
  return Array.from({ length: intervals + 1 }, (_, at) => at * step)
}
