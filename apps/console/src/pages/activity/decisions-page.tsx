// Every decision as it is made: filtered by the address, opened beside the list.
import { IconDownload, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useMemo } from 'react'
import { HOUR_MS } from '@crosswalk/protocol'

import { setPaused, useLiveState } from '../../api/live.ts'
import { sinceLast, useApi, useList } from '../../api/queries.ts'
import type { Action } from '../../components/actions.tsx'
import { DecisionChart } from '../../components/chart/decision-chart.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { useDecisionColumns } from '../../components/decision/decision-columns.tsx'
import { DecisionPanel } from '../../components/decision/decision-panel.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { NextStep } from '../../components/next-step.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { SideDrawer } from '../../components/side-drawer.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { showDone, showFailed } from '../../components/toasts.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useOpenRow } from '../../hooks/use-open-row.ts'
import { useCan } from '../../session/session.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { exportDecisions, type ExportFormat } from './export-decisions.ts'
import { choicesOf } from '../../components/choices.ts'
import { NothingFound } from '../../components/nothing-found.tsx'
import {
  APP_FILTER,
  CODE_FILTER,
  choiceFilter,
  CONNECTION_FILTER,
  RESOURCE_APP_FILTER,
  USER_FILTER,
} from '../../components/filter-fields.ts'
import { nameOfState } from '../../components/chips.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { BlockMenu } from './block-menu.tsx'

const FILTERS = [
  'period',
  'about',
  'user',
  'outcome',
  'code',
  'app',
  'resourceApp',
  'connection',
  'since',
  'until',
] as const
type Filter = (typeof FILTERS)[number]

const FIELDS: readonly FilterField<Filter>[] = [
  USER_FILTER,
  {
    name: 'period',
    label: text('word.period'),
    kind: 'choice',
    otherwise: text('decisions.period.all'),
    choices: choicesOf(['1h', '24h', '7d', '30d'], (one) => text(`decisions.period.${one}`)),
  },
  choiceFilter(
    'outcome',
    text('decisions.outcome'),
    ['allow', 'deny', 'step_up', 'pending', 'error'],
    nameOfState,
  ),
  APP_FILTER,
  RESOURCE_APP_FILTER,
  CONNECTION_FILTER,
  CODE_FILTER,
  {
    name: 'about',
    label: text('decisions.about'),
    kind: 'choice',
    otherwise: text('decisions.about.access'),
    choices: choicesOf(['sign-in', 'all'], (one) => text(`decisions.about.${one}`)),
  },
]

/** Filters that the chart does not support. */
const DRILL_DOWN_FILTERS = ['user', 'code', 'app', 'resourceApp', 'connection', 'since', 'until'] as const

export function Page() {
  const can = useCan()
  const state = useFilters(FILTERS)
  const query = useMemo(() => buildQuery(state.filters), [state.filters])
  const lastMs = lengthOf(state.filters.period)
  const list = useList('decisions.list', query, { lastMs })
  const { open, show } = useOpenRow()
  const paused = useLiveState() === 'paused'
  const actions = useMemo(
    () => buildActions(paused, () => ({ ...query, ...sinceLast(lastMs) })),
    [paused, query, lastMs],
  )
  const isDrillDown = DRILL_DOWN_FILTERS.some((name) => state.filters[name] !== undefined)
  return (
    <>
      <PageHeader title={text('word.decisions')} lead={text('decisions.lead')} actions={actions} />
      <FilterBar state={state} fields={FIELDS} />
      {isDrillDown || !can('decisions.summary') ? null : <DecisionChart small about={query.about} />}
      <DataTable
        label={text('word.decisions')}
        list={list}
        columns={useDecisionColumns()}
        rowId={({ decision_id }) => decision_id}
        open={{ run: ({ decision_id }) => show(decision_id) }}
        empty={
          <NothingFound filters={state} title={text('decisions.noneFiltered')}>
            <EmptyState
              title={text('object.noDecisions')}
              actions={<NextStep to="/set-up" needs="connections.list" label={text('nav.setUp')} />}
            >
              {text('decisions.noneText')}
            </EmptyState>
          </NothingFound>
        }
      />
      <SideDrawer opened={open !== undefined} close={() => show(undefined)} title={text('word.decision')}>
        {open === undefined ? null : <OpenDecision id={open} />}
      </SideDrawer>
    </>
  )
}

function OpenDecision({ id }: { readonly id: string }) {
  const query = useApi('decisions.read', { params: { id } })
  return (
    <Loaded query={query}>
      {({ body }) => <DecisionPanel decision={body} level={2} actions={<BlockMenu decision={body} />} />}
    </Loaded>
  )
}

type DecisionQuery = Readonly<Record<string, string>> & { readonly about?: 'access' | 'sign-in' }

/** Sign-in decisions are excluded unless requested. */
function buildQuery({
  period: _,
  about = 'access',
  ...filters
}: ReturnType<typeof useFilters<Filter>>['filters']): DecisionQuery {
  return {
    ...filters,
    ...(about === 'all' ? {} : { about: about === 'sign-in' ? about : 'access' }),
  }
}

/** @param query - of an export that starts now */
function buildActions(paused: boolean, query: () => Readonly<Record<string, string>>): readonly Action[] {
  const run = async (format: ExportFormat) => {
    try {
      const { count, truncated } = await exportDecisions(query(), format)
      showDone({
        message: truncated
          ? text('decisions.exportedFirst', { count: formatNumber(count) })
          : countText('decisions.exportedOne', 'decisions.exported', count),
      })
    } catch (error) {
      showFailed(error)
    }
  }
  const download = smallIcon(IconDownload)
  const icon = paused ? smallIcon(IconPlayerPlay) : smallIcon(IconPlayerPause)
  return [
    {
      label: text(paused ? 'decisions.resume' : 'decisions.pause'),
      icon,
      keys: 'p',
      run: () => setPaused(!paused),
    },
    { label: text('decisions.exportCsv'), icon: download, run: () => void run('csv') },
    { label: text('decisions.exportNdjson'), icon: download, run: () => void run('ndjson') },
  ]
}

/** The period of a list of decisions, as in the URL. */
const LIST_PERIODS = { '1h': 1, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const
type ListPeriod = keyof typeof LIST_PERIODS

/** @returns its length; undefined for all decisions */
function lengthOf(period: string | undefined): number | undefined {
  if (period === undefined || !Object.hasOwn(LIST_PERIODS, period)) return undefined
  return LIST_PERIODS[period as ListPeriod] * HOUR_MS
}
