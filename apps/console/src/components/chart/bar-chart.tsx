// Stacked bars over time on a canvas. Loaded on demand; the caller shows the same numbers as a table.
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

import { formatNumber } from '../../texts/text.ts'
import { useTheme } from '../../theme/theme-store.ts'
import { buildScale } from './scale.ts'

export interface Series {
  readonly label: string
  /** Name of a colour token, such as `--allow` */
  readonly color: string
  /** Hatched, to be distinguishable without colour */
  readonly hatched?: boolean
  readonly values: readonly number[]
}

export interface BarChartProps {
  readonly label: string
  readonly ticks: readonly string[]
  readonly series: readonly Series[]
  /** In pixels */
  readonly height: number
}

export function BarChart({ label, ticks, series, height }: BarChartProps) {
  const holder = useRef<HTMLDivElement>(null)
  const [hovered, setHovered] = useState<number | null>(null)
  const theme = useTheme()
  useEffect(() => {
    const element = holder.current
    if (element === null) return undefined
    const plot = draw({ element, ticks, series, height, hover: setHovered })
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(1, element.clientWidth), height }),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [ticks, series, height, theme])
  return (
    <>
      <div ref={holder} className="cw-chart" role="img" aria-label={label} style={{ height }} />
      <p className="cw-chart-hover" aria-hidden="true">
        {hovered === null ? ' ' : describe(hovered, ticks, series)}
      </p>
    </>
  )
}

function describe(at: number, ticks: readonly string[], series: readonly Series[]): string {
  const counts = series.map(({ label, values }) => `${label} ${formatNumber(values[at] ?? 0)}`)
  return `${ticks[at] ?? ''}: ${counts.join(', ')}`
}

interface Drawing extends Omit<BarChartProps, 'label'> {
  readonly element: HTMLElement
  readonly hover: (at: number | null) => void
}

function draw({ element, ticks, series, height, hover }: Drawing): uPlot {
  const style = getComputedStyle(element)
  const token = (name: string) => resolveColor(element, name)
  const axis = { stroke: token('--text-2'), font: `12px ${style.fontFamily}`, ticks: { show: false } }
  const tops = stack(series)
  const paths = uPlot.paths.bars?.({ size: [0.7, 32] })
  const bars = series.map(({ color, hatched = false }): uPlot.Series => ({
    fill: hatched ? () => hatch(token(color), token('--surface')) : token(color),
    stroke: token(color),
    width: 1,
    points: { show: false },
    ...(paths === undefined ? {} : { paths }),
  }))
  const scale = buildScale(Math.max(0, ...tops.flat().map((value) => value ?? 0)))
  const options: uPlot.Options = {
    width: Math.max(1, element.clientWidth),
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    scales: {
      x: { time: false, range: [-0.5, ticks.length - 0.5] },
      y: { range: [0, scale.at(-1) ?? 0] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: [1, 2, 3, 4, 6, 8, 10],
        space: 56,
        size: 28,
        values: (_plot, splits) => splits.map((at) => ticks[at] ?? ''),
      },
      { ...axis, size: 40, splits: () => scale, grid: { stroke: token('--line'), width: 1 } },
    ],
    series: [{}, ...bars.reverse()],
    hooks: { setCursor: [(plot) => hover(plot.cursor.idx ?? null)] },
  }
  return new uPlot(options, [ticks.map((_, at) => at), ...tops.toReversed()], element)
}

/** A canvas knows neither custom properties nor the user's colours in high contrast, so the browser resolves them. */
function resolveColor(element: HTMLElement, token: string): string {
  element.style.color = `var(${token})`
  return getComputedStyle(element).color
}

/** Each bar reaches from zero to its top, with higher ones drawn first. A zero value draws no bar. */
function stack(series: readonly Series[]): (number | null)[][] {
  const length = series[0]?.values.length ?? 0
  const below = Array.from({ length }, () => 0)
  return series.map(({ values }) =>
    below.map((_, at) => {
      const value = values[at] ?? 0
      below[at] = (below[at] ?? 0) + value
      return value === 0 ? null : below[at]
    }),
  )
}

function hatch(color: string, background: string): CanvasPattern | string {
  const size = 6
  const tile = document.createElement('canvas')
  tile.width = tile.height = size
  const context = tile.getContext('2d')
  if (context === null) return color
  context.fillStyle = background
  context.fillRect(0, 0, size, size)
  context.strokeStyle = color
  context.lineWidth = 2
  context.beginPath()
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift, size)
    context.lineTo(shift + size, 0)
  }
  context.stroke()
  return context.createPattern(tile, 'repeat') ?? color
}
