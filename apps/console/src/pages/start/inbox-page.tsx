// Everything pending for the signed-in user as one queue, and all access requests by state.
import { useMemo } from 'react'

import { type PagedList, useApi, useFirstItems, useList } from '../../api/queries.ts'
import { DataTable } from '../../components/data-table.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { RowDrawer } from '../../components/row-drawer.tsx'
import { SideDrawer } from '../../components/side-drawer.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { type OpenRow, useOpenRow } from '../../hooks/use-open-row.ts'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { buildQueueColumns, buildRequestColumns } from './inbox-columns.tsx'
import { OpenItem, titleOf } from './inbox-drawer.tsx'
import type { InboxItem } from './inbox-items.ts'
import { RequestCard } from './request-card.tsx'
import { useInbox } from './use-inbox.ts'
import './inbox.css'

const FILTERS = ['state'] as const
const STATES = ['open', 'approved', 'declined', 'canceled', 'expired', 'ended', 'all'] as const

const FIELDS: readonly FilterField<'state'>[] = [
  {
    name: 'state',
    label: text('inbox.show'),
    kind: 'choice',
    otherwise: text('inbox.waiting'),
    choices: STATES.map((value) => ({
      value,
      label: text('inbox.requests', { state: value === 'all' ? text('word.all') : text(`chip.${value}`) }),
    })),
  },
]

export function Page() {
  const filters = useFilters(FILTERS)
  const { state } = filters.filters
  const { open, show } = useOpenRow()
  return (
    <>
      <PageHeader title={text('nav.inbox')} lead={text('inbox.lead')} />
      <FilterBar state={filters} fields={FIELDS} />
      {state === undefined ? <Queue open={open} show={show} /> : <Requests state={state} show={show} />}
      <RequestDrawer open={open} show={show} />
    </>
  )
}

const NONE = <EmptyState title={text('inbox.none')}>{text('inbox.noneText')}</EmptyState>

function Queue(row: OpenRow) {
  const list = useInbox()
  return list === undefined ? NONE : <Items {...row} list={list} />
}

function Items({ list, open, show }: OpenRow & { readonly list: PagedList<InboxItem> }) {
  const names = useNames()
  const mayExtend = useCan()('connections.change')
  const columns = useMemo(() => buildQueueColumns({ names, mayExtend, show }), [names, mayExtend, show])
  // Access requests have a drawer of their own.
  const chosen = open === undefined || isRequest(open) ? undefined : open
  const item = list.items.find(({ id }) => id === chosen)
  return (
    <>
      <DataTable
        label={text('nav.inbox')}
        list={useFirstItems(list)}
        columns={columns}
        rowId={({ id }) => id}
        open={{ run: ({ id }) => show(id) }}
        empty={NONE}
      />
      <RowDrawer
        open={chosen}
        show={show}
        list={list}
        title={item === undefined ? text('nav.inbox') : titleOf(item)}
      >
        {(row) => <OpenItem item={row} close={() => show(undefined)} />}
      </RowDrawer>
    </>
  )
}

function Requests({ state, show }: Pick<OpenRow, 'show'> & { readonly state: string }) {
  const list = useList('access-requests.list', { state: state === 'all' ? undefined : state })
  const names = useNames()
  const columns = useMemo(() => buildRequestColumns(names), [names])
  return (
    <DataTable
      label={text('nav.inbox')}
      list={list}
      columns={columns}
      rowId={({ id }) => id}
      open={{ run: ({ id }) => show(id) }}
      empty={<EmptyState title={text('filter.nothing')} />}
    />
  )
}

function isRequest(id: string): boolean {
  return id.startsWith('req_')
}

/** By id only, since a link may be followed after the request was decided. */
function RequestDrawer({ open, show }: OpenRow) {
  const id = open !== undefined && isRequest(open) ? open : undefined
  const close = () => show(undefined)
  return (
    <SideDrawer opened={id !== undefined} close={close} title={text('inbox.kind.request')}>
      {id === undefined ? null : <OpenRequest id={id} close={close} />}
    </SideDrawer>
  )
}

function OpenRequest({ id, close }: { readonly id: string; readonly close: () => void }) {
  const query = useApi('access-requests.read', { params: { id } })
  return (
    <Loaded query={query}>
      {({ body, etag = '' }) => <RequestCard request={body} etag={etag} close={close} />}
    </Loaded>
  )
}
