// Renders a comparison: the ratio first, because it is comparable across machines, then the underlying figures.
import { CONCURRENCY, ratioOf, type Comparison, type Rates } from './compare.ts'
import { spreadOf, type Spread } from './statistics.ts'

export function renderComparison(name: string, what: string, comparison: Comparison): string {
  return [
    `${name}: ${what}`,
    `  ratio to the floor      ${renderRatios(comparison)}`,
    `  p99, over the floor's   ${renderTail(comparison)}`,
    `  floor                   ${renderRates(comparison.floor)}`,
    `  ${name.padEnd(22)}  ${renderRates(comparison.subject)}`,
    `  ${comparison.subject.length} rounds in turns, concurrency ${CONCURRENCY}`,
  ].join('\n')
}

function renderRatios(comparison: Comparison): string {
  const cpu = ratioOf(comparison, 'perCpuSecond')
  const clock = ratioOf(comparison, 'perSecond')
  const parts = [
    ...(cpu === undefined ? [] : [`${renderSpread(cpu)} per CPU second`]),
    ...(clock === undefined ? [] : [`${renderSpread(clock)} by the clock`]),
  ]
  return parts.join(' · ')
}

function renderTail(comparison: Comparison): string {
  const ratio = ratioOf(comparison, 'p99Ms')
  return ratio === undefined ? 'not measured' : renderSpread(ratio)
}

export function renderSpread({ median, lowest, highest }: Spread): string {
  return `${median.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`
}

export function renderRates(rates: readonly Rates[]): string {
  const cpu = rates.flatMap((it) => it.perCpuSecond ?? [])
  const parts = [
    ...(cpu.length === 0 ? [] : [`${renderMedian(cpu)} requests per CPU second`]),
    `${renderMedian(rates.map((it) => it.perSecond))} per second`,
    `p99 ${renderMedian(rates.map((it) => it.p99Ms))} ms`,
  ]
  return parts.join(', ')
}

function renderMedian(values: readonly number[]): string {
  return Math.round(spreadOf(values).median).toLocaleString('en')
}
