// Stacked bars over time. The caller shows the same numbers as a table.
import { type CSSProperties, useState } from 'react'

import { formatNumber } from '../../texts/text.ts'
import { buildScale } from './scale.ts'

export interface Series {
  readonly label: string
  /** Name of a colour token, such as `--allow` */
  readonly color: string
  /** Hatched, to be distinguishable without colour */
  readonly hatched?: boolean
  readonly values: readonly number[]
}

interface BarChartProps {
  readonly label: string
  readonly ticks: readonly string[]
  readonly series: readonly Series[]
  /** In pixels */
  readonly height: number
}

export function BarChart({ label, ticks, series, height }: BarChartProps) {
  const [hovered, setHovered] = useState<number | undefined>(undefined)
  const sums = ticks.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
  const scale = buildScale(Math.max(0, ...sums))
  const toPercent = (value: number) => `${(100 * value) / (scale.at(-1) ?? 1)}%`
  return (
    <>
      <div
        className="cw-chart"
        role="img"
        aria-label={label}
        style={{ height }}
        onPointerLeave={() => setHovered(undefined)}
      >
        {scale.map((value) => (
          <span key={value} className="cw-chart-line" style={{ insetBlockEnd: toPercent(value) }}>
            {formatNumber(value)}
          </span>
        ))}
        {ticks.map((tick, at) => (
          <div key={at} className="cw-chart-bar" onPointerEnter={() => setHovered(at)}>
            {series.map(({ label: name, color, hatched = false, values: { [at]: value = 0 } }) =>
              value === 0 ? null : (
                <span
                  key={name}
                  data-hatched={hatched}
                  style={{ height: toPercent(value), '--bar': `var(${color})` } as CSSProperties}
                />
              ),
            )}
            <small>{tick}</small>
          </div>
        ))}
      </div>
      <p className="cw-chart-hover" aria-hidden="true">
        {hovered === undefined ? ' ' : describe(hovered, ticks, series)}
      </p>
    </>
  )
}

function describe(at: number, ticks: readonly string[], series: readonly Series[]): string {
  const counts = series.map(({ label, values }) => `${label} ${formatNumber(values[at] ?? 0)}`)
  return `${ticks[at] ?? ''}: ${counts.join(', ')}`
}
