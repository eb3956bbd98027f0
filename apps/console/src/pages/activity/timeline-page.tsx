// The timeline of one app, user or connection: counts per lane, and the events as a table.
import { SegmentedControl } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'

import { MAX_PAGE } from '@crosswalk/admin-api'
import { HOUR_MS, MINUTE_MS } from '@crosswalk/protocol'

import { type PagedList, useCompleteList, useList } from '../../api/queries.ts'
import { OutcomeChip, StateChip, Token } from '../../components/chips.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { APP_FILTER, CONNECTION_FILTER, USER_FILTER } from '../../components/filter-fields.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useNow } from '../../hooks/use-now.ts'
import { text } from '../../texts/text.ts'
import { nameOfEvent } from './event.ts'
import { EventActor, EventUser, EventTarget } from './event-parties.tsx'
import { concernsApp, laneOf, mergeEvents, type TimelineEvent } from './timeline.ts'
import { TimelineLanes } from './timeline-lanes.tsx'
import './activity.css'
import { pathOf } from '../../components/object/object-path.ts'

const FILTERS = ['app', 'user', 'connection'] as const
type Filter = (typeof FILTERS)[number]
const RANGE = ['range'] as const

const FIELDS: readonly FilterField<Filter>[] = [APP_FILTER, CONNECTION_FILTER, USER_FILTER]

const RANGES = {
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
  year: 365 * 24 * HOUR_MS,
}
type Range = keyof typeof RANGES
const RANGE_NAMES = Object.keys(RANGES) as readonly Range[]

export function Page() {
  const state = useFilters(FILTERS)
  const range = useFilters(RANGE)
  const chosen = RANGE_NAMES.find((name) => name === range.filters.range) ?? 'week'
  return (
    <>
      <PageHeader title={text('nav.timeline')} lead={text('timeline.lead')} />
      <FilterBar state={state} fields={FIELDS} />
      {state.count === 0 ? (
        <EmptyState title={text('timeline.choose')}>{text('timeline.chooseText')}</EmptyState>
      ) : (
        <>
          <SegmentedControl
            className="cw-range"
            aria-label={text('word.period')}
            mb="md"
            data={RANGE_NAMES.map((value) => ({ value, label: text(`timeline.${value}`) }))}
            value={chosen}
            onChange={(value) => range.set({ range: value })}
          />
          <Timeline
            key={`${chosen} ${JSON.stringify(state.filters)}`}
            filters={state.filters}
            range={chosen}
          />
        </>
      )}
    </>
  )
}

interface TimelineProps {
  readonly filters: { readonly [F in Filter]?: string }
  readonly range: Range
}

function Timeline({ filters, range }: TimelineProps) {
  const now = useNow()
  const toMs = Math.ceil(now / MINUTE_MS) * MINUTE_MS
  const period = useMemo(() => ({ fromMs: toMs - RANGES[range], toMs }), [toMs, range])
  const own = useList('audit.list', { ...filters, limit: MAX_PAGE }, { lastMs: RANGES[range] })
  const changes = useChanges(filters, RANGES[range])
  const events = useMemo(
    () => mergeEvents(own.items as readonly TimelineEvent[], changes.items),
    [own.items, changes.items],
  )
  const list = {
    ...own,
    hasMore: own.hasMore || changes.hasMore,
    showMore() {
      for (const one of [own, changes]) if (one.hasMore) one.showMore()
    },
    readOn() {
      for (const one of [own, changes]) if (one.hasMore) one.readOn()
    },
  }
  return (
    <>
      {events.length === 0 ? null : (
        <>
          <TimelineLanes events={events} period={period} />
          <Digest events={events} complete={!list.hasMore} />
        </>
      )}
      <DataTable
        label={text('timeline.table')}
        list={{ ...list, items: events }}
        columns={COLUMNS}
        rowId={({ chain, seq }) => `${chain} ${seq}`}
        empty={<EmptyState title={text('timeline.none')}>{text('timeline.noneText')}</EmptyState>}
      />
    </>
  )
}

/** Admin events about an app and its connections, which do not have the app as their actor. */
function useChanges(
  { app, user, connection }: TimelineProps['filters'],
  lastMs: number,
): Omit<PagedList<TimelineEvent>, 'query'> {
  const enabled = app !== undefined && user === undefined && connection === undefined
  const changes = useList('audit.list', { log: 'admin', limit: MAX_PAGE }, { enabled, lastMs })
  const own = useCompleteList('connections.list', { app }, { enabled })
  const items = useMemo(() => {
    if (!enabled) return []
    const connections = new Set(own.items.map(({ id }) => id))
    return (changes.items as readonly TimelineEvent[]).filter((event) => concernsApp(event, app, connections))
  }, [enabled, changes.items, own.items, app])
  return { ...changes, items, hasMore: enabled && changes.hasMore }
}

interface DigestProps {
  readonly events: readonly TimelineEvent[]
  readonly complete: boolean
}

function Digest({ events, complete }: DigestProps) {
  const count = (lane: string) => events.filter((event) => laneOf(event) === lane).length
  const users = new Set(
    events.flatMap(({ on_behalf_of: user }) => (user?.user_ref === undefined ? [] : [user.user_ref])),
  )
  return (
    <p className="cw-sentence" role="status">
      {text('timeline.digest', {
        allowed: count('allowed'),
        refused: count('refused'),
        users: users.size,
        changes: count('permission') + count('life'),
        response: count('response'),
      })}{' '}
      {complete ? '' : text('timeline.newest', { count: events.length })}
    </p>
  )
}

const COLUMNS: readonly Column<TimelineEvent>[] = [
  { id: 'time', header: text('word.time'), cell: ({ time }) => <RelativeTime moment={time} /> },
  { id: 'lane', header: text('timeline.lane'), cell: (event) => <LaneOf event={event} /> },
  {
    id: 'what',
    header: text('timeline.what'),
    hideable: false,
    cell: (event) => <EventSummary event={event} />,
  },
  {
    id: 'user',
    header: text('word.user'),
    cell: (event) => <EventUser event={event} />,
  },
  { id: 'by', header: text('timeline.by'), cell: (event) => <EventActor event={event} /> },
  { id: 'reason', header: text('word.reason'), cell: ({ reason }) => reason ?? '' },
  { id: 'type', header: text('timeline.type'), hidden: true, cell: ({ type }) => <Token>{type}</Token> },
]

function EventSummary({ event }: { readonly event: TimelineEvent }) {
  const { decision, decision_id: id } = event
  if (decision !== undefined && id !== undefined)
    return <Link to={pathOf('decision', id)}>{decision.summary.admin}</Link>
  return (
    <span className="cw-anywhere">
      <strong>{nameOfEvent(event)}</strong> <EventTarget event={event} />
    </span>
  )
}

/** The lane of a decision is its outcome. */
function LaneOf({ event }: { readonly event: TimelineEvent }) {
  const { category, outcome, decision } = event
  if (category === 'decision' && outcome !== 'success')
    return <OutcomeChip outcome={outcome} narrowed={(decision?.narrowed.length ?? 0) > 0} />
  return (
    <span className="cw-title-row">
      {text(`timeline.lane.${laneOf(event)}`)}
      {outcome === 'failure' ? <StateChip state="error" label={text('timeline.failed')} /> : null}
    </span>
  )
}
