// What waits for somebody who may answer: requests for access, each with what would change by a yes and whether it would
// work. Approve, approve less, or decline; nothing widens without a record of who said so.
import { IconArrowRight } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Drawer } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useMemo } from 'react'

import { useApi, useList } from '../../api/queries.ts'
import { StateChip, Tokens } from '../../components/chips.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { text } from '../../texts/text.ts'
import { type Names, useNames } from '../connections/use-names.ts'
import { RequestCard } from './request-card.tsx'
import './inbox.css'

type AccessRequest = AnswerTo<'access-requests.list'>['items'][number]

const FILTERS = ['state'] as const
const STATES = ['approved', 'declined', 'withdrawn', 'expired', 'ended', 'all'] as const

const FIELDS: readonly FilterField<'state'>[] = [
  {
    name: 'state',
    label: text('inbox.state'),
    kind: 'choice',
    otherwise: text('inbox.waiting'),
    choices: STATES.map((value) => ({
      value,
      label: value === 'all' ? text('inbox.all') : text(`chip.${value}`),
    })),
  },
]

export function Page() {
  const filters = useFilters(FILTERS)
  const state = filters.filters.state ?? 'open'
  const list = useList('access-requests.list', { state: state === 'all' ? undefined : state })
  const names = useNames()
  const people = usePeople()
  const columns = useMemo(() => buildColumns(names, people), [names, people])
  const { open } = useSearch({ strict: false }) as { readonly open?: string }
  const navigate = useNavigate()
  const show = (id: string | undefined) =>
    void navigate({ to: '.', search: (previous: object) => ({ ...previous, open: id }) } as never)
  return (
    <>
      <PageHeader title={text('nav.inbox')} lead={text('inbox.lead')} />
      <FilterBar state={filters} fields={FIELDS} />
      <DataTable
        label={text('nav.inbox')}
        list={list}
        columns={columns}
        rowId={({ id }) => id}
        open={{ act: ({ id }) => show(id) }}
        empty={
          <EmptyState title={text(state === 'open' ? 'inbox.none' : 'filter.nothing')}>
            {state === 'open' ? text('inbox.noneText') : undefined}
          </EmptyState>
        }
      />
      <Drawer
        opened={open !== undefined}
        onClose={() => show(undefined)}
        position="right"
        size="46rem"
        title={text('inbox.request')}
        closeButtonProps={{ 'aria-label': text('help.close') }}
      >
        {open === undefined ? null : <OpenRequest id={open} close={() => show(undefined)} />}
      </Drawer>
    </>
  )
}

function OpenRequest({ id, close }: { readonly id: string; readonly close: () => void }) {
  const query = useApi('access-requests.read', { params: { id } })
  return <Loaded query={query}>{({ body }) => <RequestCard request={body} close={close} />}</Loaded>
}

type People = ReadonlyMap<string, string>

function usePeople(): People {
  const { data } = useApi('users.list', { query: { limit: 200 } })
  return useMemo(
    () => new Map(data?.body.items.map(({ id, name, username }) => [id, name ?? username])),
    [data],
  )
}

function buildColumns(names: Names, people: People): readonly Column<AccessRequest>[] {
  return [
    {
      id: 'who',
      header: text('decision.person'),
      hideable: false,
      cell: ({ user }) => (
        <Link to={`/users/${encodeURIComponent(user)}`} className="cw-first">
          {people.get(user) ?? user}
        </Link>
      ),
    },
    {
      id: 'what',
      header: text('connections.what'),
      cell: ({ app, resourceApp }) => (
        <span>
          {names.app(app)} <IconArrowRight size={14} aria-label={text('decisions.to')} className="cw-arrow" />{' '}
          {names.resourceApp(resourceApp)}
        </span>
      ),
    },
    { id: 'scopes', header: text('decisions.scopes'), cell: ({ scopes }) => <Tokens items={scopes} /> },
    { id: 'why', header: text('decisions.why'), cell: ({ reason }) => reason },
    { id: 'asked', header: text('inbox.asked'), cell: ({ askedAt }) => <RelativeTime moment={askedAt} /> },
    { id: 'state', header: text('inbox.state'), cell: ({ state }) => <StateChip state={state} /> },
    { id: 'by', header: text('inbox.askedBy'), hidden: true, cell: ({ askedBy }) => askedBy },
    {
      id: 'decided',
      header: text('inbox.decidedBy'),
      hidden: true,
      cell: ({ decidedBy }) => decidedBy ?? '–',
    },
  ]
}
