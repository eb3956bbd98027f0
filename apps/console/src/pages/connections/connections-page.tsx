// The list of connections: apps, number of users, expiry and usage.
import { Button } from '@mantine/core'
import { IconHourglass, IconPlayerPause } from '@tabler/icons-react'
import { useMemo, useState } from 'react'

import type { Connection } from '../../api/objects.ts'
import { type ConnectionFacts, type FactsById, useConnectionFacts, useIds } from '../../api/facts.ts'
import { useFilteredList } from '../../components/use-filtered-list.ts'
import type { Column } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { NextStep } from '../../components/next-step.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { useCan } from '../../session/session.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { confirmBulkExpiry } from './bulk-expiry.tsx'
import { confirmBulkSuspend } from './bulk-suspend.tsx'
import {
  factColumns,
  stateColumn,
  connectionColumn,
  expiryColumn,
} from '../../components/object/connection-columns.tsx'
import { type Names, useNames } from '../../session/names.ts'
import { SEARCH_FILTER, OWNER_FILTER, choiceFilter } from '../../components/filter-fields.ts'
import { idColumn, ownerColumn } from '../../components/table/columns.tsx'
import { nameOfState } from '../../components/chips.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { pathOf } from '../../components/object/object-path.ts'

const FIELDS: readonly FilterField<string>[] = [
  SEARCH_FILTER,
  choiceFilter(
    'status',
    text('word.state'),
    ['active', 'draft', 'report-only', 'suspended', 'revoked'],
    nameOfState,
  ),
  OWNER_FILTER,
]

export function Page() {
  const filtered = useFilteredList('connections.list', FIELDS)
  const names = useNames()
  const { byId: facts } = useConnectionFacts(useIds(filtered.list.items))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const deselect = (ids: readonly string[]) =>
    setChosen((now) => new Set([...now].filter((id) => !ids.includes(id))))
  const can = useCan()
  const mayChange = can('connections.change')
  const maySuspend = can('connections.suspend')
  const selected = { ids: [...chosen], done: deselect }
  const now = useNow()
  const columns = useMemo(() => buildColumns(names, facts, now), [names, facts, now])
  return (
    <ListPage
      {...filtered}
      title={text('word.connections')}
      lead={text('connections.lead')}
      create={{
        label: text('nav.newConnection'),
        needs: 'connections.create',
        to: '/connections/new',
      }}
      columns={columns}
      open={({ id }) => pathOf('connection', id)}
      nameOf={({ id }) => id}
      {...(maySuspend ? { selection: { ids: chosen, change: setChosen } } : {})}
      tools={
        chosen.size === 0 ? null : (
          <div className="cw-row">
            <span role="status">{countText('table.selected', 'table.selected', chosen.size)}</span>
            <Button
              size="compact-sm"
              leftSection={smallIcon(IconPlayerPause)}
              onClick={() => confirmBulkSuspend({ ...selected, mayUndo: can('connections.resume') })}
            >
              {countText('connection.suspendOne', 'connection.suspendMany', chosen.size)}
            </Button>
            {mayChange ? (
              <Button
                size="compact-sm"
                leftSection={smallIcon(IconHourglass)}
                onClick={() => confirmBulkExpiry({ ...selected, mayUndo: true })}
              >
                {countText('connection.expiryOne', 'connection.expiryMany', chosen.size)}
              </Button>
            ) : null}
          </div>
        )
      }
      none={<NoConnections />}
    />
  )
}

type Facts = FactsById<ConnectionFacts>

function buildColumns(names: Names, facts: Facts, now: number): readonly Column<Connection>[] {
  const [users, ...usage] = factColumns(facts)
  return [
    connectionColumn(names),
    stateColumn(now, facts),
    users,
    {
      id: 'scopes',
      header: text('word.scopes'),
      numeric: true,
      sort: ({ scopes }) => scopes.length,
      cell: ({ scopes }) => formatNumber(scopes.length),
    },
    expiryColumn,
    ...usage,
    ownerColumn,
    idColumn,
  ]
}

function NoConnections() {
  return (
    <EmptyState
      title={text('word.noConnections')}
      actions={
        <NextStep to="/connections/new" needs="connections.create" label={text('nav.newConnection')} />
      }
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
