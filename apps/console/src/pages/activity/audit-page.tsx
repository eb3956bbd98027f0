// The audit log: who changed what, when and why, with diffs; log verification; and export.
import { IconDownload, IconFileZip, IconShieldCheck } from '@tabler/icons-react'
import { useMemo } from 'react'
import { AUDIT_EVENT_TYPES } from '@crosswalk/protocol'

import { useList } from '../../api/queries.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { describeFilters, FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { RowDrawer } from '../../components/row-drawer.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useOpenRow } from '../../hooks/use-open-row.ts'
import { text } from '../../texts/text.ts'
import { ChainState } from './chain-state.tsx'
import { type Collapsed, collapseReads, isReadEvent } from './collapse-reads.ts'
import { type AdminEvent, nameOfEvent } from './event.ts'
import { EventDetail } from './event-detail.tsx'
import { EventActor, EventSentence, EventTarget } from './event-parties.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { NothingFound } from '../../components/nothing-found.tsx'
import { choiceFilter, CONNECTION_FILTER, USER_FILTER } from '../../components/filter-fields.ts'
import { useDialog } from '../../hooks/use-dialog.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import './audit.css'
import { useMutation } from '@tanstack/react-query'
import { sendChange } from '../../api/changes.ts'

const FILTERS = ['log', 'type', 'user', 'connection', 'outcome', 'since', 'until'] as const
type Filter = (typeof FILTERS)[number]

const FIELDS: readonly FilterField<Filter>[] = [
  {
    name: 'type',
    label: text('audit.type'),
    kind: 'choice',
    choices: [...AUDIT_EVENT_TYPES.keys()]
      .map((type) => ({ value: type, label: nameOfEvent({ type }) }))
      .sort((one, other) => one.label.localeCompare(other.label)),
  },
  USER_FILTER,
  CONNECTION_FILTER,
  {
    name: 'log',
    label: text('audit.log'),
    kind: 'choice',
    otherwise: text('audit.log.admin'),
    choices: [
      { value: 'all', label: text('audit.log.all') },
      { value: 'idp', label: text('keys.idp') },
    ],
  },
  choiceFilter('outcome', text('decisions.outcome'), ['success', 'failure'], (one) =>
    text(`audit.outcome.${one}`),
  ),
]

export function Page() {
  const state = useFilters(FILTERS)
  const query = useMemo(() => buildQuery(state.filters), [state.filters])
  const list = useList('audit.list', query)
  const rows = useMemo(() => collapseReads<AdminEvent>(list.items), [list.items])
  // Without a choice, the list is that of administrators.
  const filters = describeFilters({ log: text('audit.log.admin'), ...state.filters }, FIELDS)
  const exporting = useDialog()
  const packing = useDialog()
  // Never automatic, since each verification is recorded.
  const verification = useMutation({ mutationFn: () => sendChange('audit.verify', {}) })
  const row = useOpenRow()
  return (
    <>
      <PageHeader
        title={text('nav.audit')}
        lead={text('audit.lead')}
        actions={[
          {
            label: text('audit.verify'),
            icon: smallIcon(IconShieldCheck),
            keys: 'v',
            needs: 'audit.verify',
            run: () => verification.mutate(),
          },
          {
            label: text('audit.export'),
            icon: smallIcon(IconDownload),
            needs: 'audit.list',
            run: exporting.open,
          },
          {
            label: text('audit.pack'),
            icon: smallIcon(IconFileZip),
            needs: 'audit.pack',
            run: packing.open,
          },
        ]}
      />
      <ChainState verification={verification} />
      <FilterBar state={state} fields={FIELDS} />
      <DataTable
        label={text('nav.audit')}
        list={{ ...list, items: rows }}
        columns={COLUMNS}
        rowId={({ id }) => id}
        open={{ run: ({ id }) => row.show(id) }}
        empty={
          <NothingFound filters={state}>
            <EmptyState title={text('filter.nothing')} />
          </NothingFound>
        }
      />
      <RowDrawer<AdminEvent> {...row} list={list} title={text('audit.event')}>
        {(event) => <EventDetail event={event} />}
      </RowDrawer>
      <ExportDialog {...exporting.props} query={query} filters={filters} first="ndjson" />
      <ExportDialog {...packing.props} query={query} filters={filters} first="pack" />
    </>
  )
}

/** The admin log by default. */
function buildQuery({
  log = 'admin',
  ...rest
}: ReturnType<typeof useFilters<Filter>>['filters']): Readonly<Record<string, string>> {
  return log === 'all' ? rest : { ...rest, log }
}

const COLUMNS: readonly Column<Collapsed<AdminEvent>>[] = [
  { id: 'time', header: text('word.time'), cell: ({ time }) => <RelativeTime moment={time} /> },
  {
    id: 'what',
    header: text('audit.what'),
    hideable: false,
    cell: (event) => (
      <span className="cw-audit-what">
        {isReadEvent(event) ? <ReadEvents event={event} /> : <EventSentence event={event} />}
      </span>
    ),
  },
  {
    id: 'who',
    header: text('audit.who'),
    cell: (event) => (
      <span className="cw-audit-who">
        <EventActor event={event} />
      </span>
    ),
  },
  { id: 'why', header: text('word.reason'), cell: ({ reason }) => reason ?? '–' },
  {
    id: 'place',
    header: text('audit.place'),
    cell: ({ chain, seq }) => <code className="cw-time cw-quiet-text">{`${chain} #${seq}`}</code>,
  },
  { id: 'outcome', header: text('decisions.outcome'), hidden: true, cell: ({ outcome }) => outcome },
  { id: 'severity', header: text('word.severity'), hidden: true, cell: ({ severity }) => severity },
]

function ReadEvents({ event }: { readonly event: Collapsed<AdminEvent> }) {
  return (
    <span className="cw-quiet-text">
      {nameOfEvent(event)}{' '}
      {event.times === 1 ? <EventTarget event={event} /> : text('audit.times', { count: event.times })}
    </span>
  )
}
