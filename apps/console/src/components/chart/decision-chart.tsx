// Allowed and denied decisions over time: a chart, its sums as links, and the same numbers as a table.
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { AnswerTo } from '@crosswalk/admin-api'

import { useApi } from '../../api/queries.ts'
import { useNow } from '../../hooks/use-now.ts'
import { formatNumber, text } from '../../texts/text.ts'
import { OutcomeChip } from '../chips.tsx'
import { Loaded, Loading } from '../states.tsx'
import { BarChart, type Series } from './bar-chart.tsx'
import { formatTick, type PeriodName, PERIODS, queryOf } from './period.ts'

const KINDS = [
  { outcome: 'allow', color: '--allow', hatched: false },
  { outcome: 'deny', color: '--deny', hatched: true },
  { outcome: 'step_up', color: '--info', hatched: false },
  { outcome: 'pending', color: '--warn', hatched: false },
  { outcome: 'error', color: '--line-strong', hatched: true },
] as const

type Summary = AnswerTo<'decisions.summary'>

interface ChartProps {
  /** Compact, above the list of a page */
  readonly small?: boolean
  /** The same as in the list next to it */
  readonly about: 'access' | 'sign-in' | undefined
}

export function DecisionChart({ small = false, about }: ChartProps) {
  const [period, setPeriod] = useState<PeriodName>('hours')
  const { since, until, buckets } = queryOf(period, useNow())
  const query = useApi(
    'decisions.summary',
    { query: { since, until, about, buckets } },
    { keepPrevious: true },
  )
  return (
    <section className={small ? 'cw-card cw-chart-small' : 'cw-card'} aria-label={text('chart.title')}>
      <div className="cw-row">
        <h2>{text('chart.title')}</h2>
        <div role="group" aria-label={text('word.period')} className="cw-periods">
          {(Object.keys(PERIODS) as PeriodName[]).map((name) => (
            <button key={name} type="button" aria-pressed={name === period} onClick={() => setPeriod(name)}>
              {text(`chart.period.${name}`)}
            </button>
          ))}
        </div>
      </div>
      <Loaded query={query} skeleton={<Loading lines={5} />}>
        {({ body }) => (
          <ChartWithTable summary={body} about={about} period={period} height={small ? 96 : 200} />
        )}
      </Loaded>
    </section>
  )
}

interface ChartWithTableProps extends Pick<ChartProps, 'about'> {
  readonly summary: Summary
  readonly period: PeriodName
  readonly height: number
}

function ChartWithTable({ summary, about, period, height }: ChartWithTableProps) {
  const { ticks, series } = useMemo(() => buildSeries(summary, period), [summary, period])
  return (
    <>
      <OutcomeTotals summary={summary} about={about} period={period} />
      <BarChart label={text('chart.label')} ticks={ticks} series={series} height={height} />
      <details className="cw-chart-table">
        <summary>{text('chart.asTable')}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{text('chart.from')}</th>
              {series.map(({ label }) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ticks.map((tick, at) => (
              <tr key={summary.buckets?.[at]?.since ?? tick}>
                <th scope="row">{tick}</th>
                {series.map(({ label, values }) => (
                  <td key={label}>{formatNumber(values[at] ?? 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}

/** Totals, linked to the decisions of the same period, if their list has it. */
function OutcomeTotals({
  summary: { outcomes, counted, complete },
  about,
  period,
}: Pick<ChartWithTableProps, 'summary' | 'about' | 'period'>) {
  if (counted === 0) return <p className="cw-quiet-text">{text('chart.none')}</p>
  return (
    <ul className="cw-sums">
      {Object.entries(outcomes)
        .filter(([outcome]) => outcome !== 'narrowed')
        .map(([outcome, count]) => (
          <li key={outcome}>
            <Link
              to="/decisions"
              search={{
                outcome,
                about: about === 'access' ? undefined : (about ?? 'all'),
                period: PERIODS[period].ofList,
              }}
              className="cw-plain-link"
            >
              <OutcomeChip outcome={outcome} narrowed={false} />
            </Link>{' '}
            <strong>
              {complete ? '' : '> '}
              {formatNumber(count)}
            </strong>
          </li>
        ))}
    </ul>
  )
}

function buildSeries({ buckets = [] }: Summary, period: PeriodName) {
  const ticks = buckets.map(({ since }) => formatTick(period, since))
  const all = KINDS.map(({ outcome, color, hatched }): Series => ({
    label: text(`chip.${outcome}`),
    color,
    hatched,
    values: buckets.map(({ outcomes }) => outcomes[outcome] ?? 0),
  }))
  // Rare outcomes get a column only if they occurred.
  const series = all.filter(({ values }, at) => at < 2 || values.some((value) => value > 0))
  return { ticks, series }
}
