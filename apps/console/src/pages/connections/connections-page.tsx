// Every connection: which app may reach which resource app, for how many users, until when, and whether it is used.
import { Button } from '@mantine/core'
import { IconArrowRight, IconPlayerPause } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'

import { type ConnectionFacts, type FactsById, useConnectionFacts, useIds } from '../../api/facts.ts'
import { useList } from '../../api/queries.ts'
import { OwnerChip, StateChip } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useNow } from '../../hooks/use-now.ts'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { type Connection, stateOf } from '../../components/object/connection-state.ts'
import { SuspendMany } from './suspend-many.tsx'
import { type Names, useNames } from '../../session/names.ts'

const FILTERS = ['q', 'status', 'owner'] as const

const FIELDS: readonly FilterField<(typeof FILTERS)[number]>[] = [
  { name: 'q', label: text('filter.search'), kind: 'text' },
  {
    name: 'status',
    label: text('connections.state'),
    kind: 'choice',
    choices: (['active', 'draft', 'report-only', 'suspended', 'revoked'] as const).map((value) => ({
      value,
      label: text(`chip.${value}`),
    })),
  },
  {
    name: 'owner',
    label: text('connections.definedIn'),
    kind: 'choice',
    choices: [
      { value: 'file', label: text('connections.inFile') },
      { value: 'database', label: text('connections.inDatabase') },
    ],
  },
]

export function Page() {
  const state = useFilters(FILTERS)
  const list = useList('connections.list', state.filters)
  const names = useNames()
  const { byId: facts } = useConnectionFacts(useIds(list.items))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [suspending, setSuspending] = useState(false)
  const navigate = useNavigate()
  const now = useNow()
  const columns = useMemo(() => buildColumns(names, facts, now), [names, facts, now])
  return (
    <>
      <ListPage
        title={text('nav.connections')}
        lead={text('connections.lead')}
        create={{
          label: text('nav.newConnection'),
          needs: 'connections.create',
          run: () => void navigate({ to: '/connections/new' }),
        }}
        filter={{ state, fields: FIELDS }}
        list={list}
        columns={columns}
        open={({ id }) => `/connections/${encodeURIComponent(id)}`}
        nameOf={({ id }) => id}
        selection={{ ids: chosen, change: setChosen }}
        tools={
          chosen.size === 0 ? null : (
            <div className="cw-row">
              <span role="status">{countText('table.selected', 'table.selected', chosen.size)}</span>
              <Button
                size="compact-sm"
                leftSection={<IconPlayerPause size={16} aria-hidden="true" />}
                onClick={() => setSuspending(true)}
              >
                {text('connection.suspend')}
              </Button>
            </div>
          )
        }
        none={<NoConnections />}
      />
      <SuspendMany
        ids={[...chosen]}
        opened={suspending}
        close={() => setSuspending(false)}
        done={(ids) => setChosen((now) => new Set([...now].filter((id) => !ids.includes(id))))}
      />
    </>
  )
}

type Facts = FactsById<ConnectionFacts>

function buildColumns(names: Names, facts: Facts, now: number): readonly Column<Connection>[] {
  return [
    {
      id: 'what',
      header: text('connections.what'),
      hideable: false,
      sort: ({ app, resourceApp }) => `${names.app(app)} ${names.resourceApp(resourceApp)}`,
      cell: ({ id, app, resourceApp }) => (
        <Link to={`/connections/${encodeURIComponent(id)}`} className="cw-first">
          {names.app(app)} <IconArrowRight size={14} aria-label={text('decisions.to')} className="cw-arrow" />{' '}
          {names.resourceApp(resourceApp)}
        </Link>
      ),
    },
    {
      id: 'state',
      header: text('connections.state'),
      sort: (connection) => stateOf(connection, now),
      cell: (connection) => <StateChip state={stateOf(connection, now)} />,
    },
    {
      id: 'people',
      header: text('connections.users'),
      numeric: true,
      sort: ({ id }) => facts.get(id)?.people,
      cell: ({ id }) => (facts.has(id) ? formatNumber(facts.get(id)?.people ?? 0) : '…'),
    },
    {
      id: 'scopes',
      header: text('connections.scopes'),
      numeric: true,
      sort: ({ scopes }) => scopes.length,
      cell: ({ scopes }) => formatNumber(scopes.length),
    },
    {
      id: 'ends',
      header: text('connections.ends'),
      sort: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) =>
        expiresAt === undefined ? text('connections.noEnd') : <RelativeTime moment={expiresAt} />,
    },
    {
      id: 'used',
      header: text('connections.lastUsed'),
      sort: ({ id }) => facts.get(id)?.lastUsedAt ?? undefined,
      cell: ({ id }) => (facts.has(id) ? <RelativeTime moment={facts.get(id)?.lastUsedAt} /> : '…'),
    },
    {
      id: 'denied',
      header: text('connections.lastDenied'),
      sort: ({ id }) => facts.get(id)?.lastDeniedAt ?? undefined,
      cell: ({ id }) => (facts.has(id) ? <RelativeTime moment={facts.get(id)?.lastDeniedAt} /> : '…'),
    },
    { id: 'owner', header: text('connections.definedIn'), cell: ({ owner }) => <Owner owner={owner} /> },
    { id: 'id', header: text('connections.id'), hidden: true, cell: ({ id }) => <code>{id}</code> },
  ]
}

function Owner({ owner }: Pick<Connection, 'owner'>) {
  return owner === 'file' ? <OwnerChip owner="file" /> : <>{text('connections.inDatabase')}</>
}

function NoConnections() {
  return (
    <EmptyState
      title={text('connections.none')}
      actions={<Link to="/connections/new">{text('nav.newConnection')}</Link>}
    >
      <p>{text('connections.noneText')}</p>
      <ol className="cw-left">
        <li>{text('connections.need1')}</li>
        <li>{text('connections.need2')}</li>
        <li>{text('connections.need3')}</li>
        <li>{text('connections.need4')}</li>
      </ol>
    </EmptyState>
  )
}
