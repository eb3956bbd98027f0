// The connections of an app, a resource app or a group.
import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'

import { type ConnectionFacts, type FactsById, useConnectionFacts, useIds } from '../../api/facts.ts'
import type { Connection } from '../../api/objects.ts'
import { useList } from '../../api/queries.ts'
import { stateColumn, connectionColumn, expiryColumn } from './connection-columns.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { type Names, useNames } from '../../session/names.ts'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { StateChip, Token, Tokens } from '../chips.tsx'
import { type Column, DataTable } from '../data-table.tsx'
import { EmptyState } from '../states.tsx'
import { pathOf } from './object-path.ts'

type ConnectionsOfProps =
  | { readonly app: string }
  | { readonly resourceApp: string }
  | { readonly group: string }

export function ConnectionsOf(of: ConnectionsOfProps) {
  const list = useList('connections.list', { ...of })
  const names = useNames()
  const now = useNow()
  const can = useCan()
  const navigate = useNavigate()
  const { byId: facts } = useConnectionFacts(useIds(list.items))
  const columns = useMemo(() => buildColumns(names, facts, now), [names, facts, now])
  return (
    <DataTable
      label={text('word.connections')}
      list={list}
      columns={columns}
      rowId={({ id }) => id}
      open={({ id }) => pathOf('connection', id)}
      empty={
        <EmptyState
          title={text('word.noConnections')}
          actions={
            can('connections.create') ? (
              <Button onClick={() => void navigate({ to: '/connections/new', search: of })}>
                {text('nav.newConnection')}
              </Button>
            ) : undefined
          }
        >
          {text('object.noConnectionsText')}
        </EmptyState>
      }
    />
  )
}

function buildColumns(
  names: Names,
  facts: FactsById<ConnectionFacts>,
  now: number,
): readonly Column<Connection>[] {
  return [
    connectionColumn(names),
    stateColumn(now, facts),
    {
      id: 'scopes',
      header: text('word.scopes'),
      cell: ({ scopes }) => <Tokens items={scopes} empty="–" />,
    },
    {
      id: 'clientId',
      header: text('granted.clientId'),
      cell: ({ clientId }) =>
        clientId === undefined ? (
          <StateChip state="warn" label={text('card.missing')} />
        ) : (
          <Token>{clientId}</Token>
        ),
    },
    expiryColumn,
  ]
}
