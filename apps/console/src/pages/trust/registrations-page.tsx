// The client ID of each requesting app at each resource's authorization server, and whether that server knows it, if visible.
import { useMemo } from 'react'

import type { Connection } from '../../api/objects.ts'
import { useCompleteList } from '../../api/queries.ts'
import { StateChip, Token } from '../../components/chips.tsx'
import { Copyable } from '../../components/code-block.tsx'
import type { Column } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { useFilteredList } from '../../components/use-filtered-list.ts'
import { NextStep } from '../../components/next-step.tsx'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { type Names, useNames } from '../../session/names.ts'
import { findRegistration, type Registration } from './find-registration.ts'
import { APP_FILTER, RESOURCE_APP_FILTER, SEARCH_FILTER } from '../../components/filter-fields.ts'
import { FromTo } from '../../components/object/connection-link.tsx'
import { useLocalServers } from './use-local-servers.ts'
import { ObjectLink } from '../../components/object/names.tsx'
import { pathOf } from '../../components/object/object-path.ts'

const FIELDS: readonly FilterField<string>[] = [SEARCH_FILTER, APP_FILTER, RESOURCE_APP_FILTER]

export function Page() {
  const names = useNames()
  const find = useRegistrations()
  const columns = useMemo(() => buildColumns(names, find), [names, find])
  return (
    <ListPage
      {...useFilteredList('connections.list', FIELDS)}
      title={text('nav.registrations')}
      lead={text('registrations.lead')}
      columns={columns}
      open={({ id }) => pathOf('connection', id)}
      none={
        <EmptyState
          title={text('registrations.none')}
          actions={
            <NextStep to="/connections/new" needs="connections.create" label={text('nav.newConnection')} />
          }
        >
          {text('registrations.noneText')}
        </EmptyState>
      }
    />
  )
}

type FindRegistration = (connection: Connection) => Registration

function useRegistrations(): FindRegistration {
  const servers = useLocalServers()
  const { items: resourceApps } = useCompleteList('resource-apps.list')
  return useMemo(() => {
    const issuers = new Map(resourceApps.map(({ id, issuer }) => [id, issuer]))
    return (connection) => findRegistration(connection, issuers, servers)
  }, [servers, resourceApps])
}

const CHIPS = {
  missing: 'warn',
  'not-there': 'error',
  inactive: 'warn',
  registered: 'ok',
  elsewhere: 'pending',
} as const

function buildColumns(names: Names, find: FindRegistration): readonly Column<Connection>[] {
  return [
    {
      id: 'app',
      header: text('word.requestingApp'),
      hideable: false,
      cell: ({ app, resourceApp }) => (
        <span>
          <FromTo
            from={<ObjectLink kind="app" id={app} className="cw-first" />}
            to={names.resourceApp(resourceApp)}
          />
        </span>
      ),
    },
    {
      id: 'server',
      header: text('registrations.server'),
      cell: (connection) => <Token>{find(connection).issuer ?? text('value.unknown')}</Token>,
    },
    {
      id: 'clientId',
      header: text('registrations.clientId'),
      cell: ({ clientId }) =>
        clientId === undefined ? (
          <StateChip state="warn" label={text('card.missing')} />
        ) : (
          <Copyable what={text('registrations.clientId')} value={clientId} />
        ),
    },
    {
      id: 'state',
      header: text('conditions.status'),
      cell: (connection) => {
        const { state } = find(connection)
        return <StateChip state={CHIPS[state]} label={text(`registrations.${state}`)} />
      },
    },
    {
      id: 'method',
      hidden: true,
      header: text('word.authentication'),
      cell: (connection) => {
        const { method } = find(connection)
        return method === undefined ? text('registrations.unseen') : text(`app.auth.${method}`)
      },
    },
  ]
}
