// Columns of connection lists.
import type { Connection } from '../../api/objects.ts'
import type { ConnectionFacts, FactsById } from '../../api/facts.ts'
import type { Names } from '../../session/names.ts'
import { formatNumber, text } from '../../texts/text.ts'
import { StateChips } from '../chips.tsx'
import type { Column } from '../table/table-types.ts'
import { RelativeTime, renderTimeOr } from '../time.tsx'
import { stateOf } from './connection-state.ts'
import { ConnectionLink } from './connection-link.tsx'

export function connectionColumn(names: Names): Column<Connection> {
  return {
    id: 'what',
    header: text('word.connection'),
    hideable: false,
    sort: ({ app, resourceApp }) => `${names.app(app)} ${names.resourceApp(resourceApp)}`,
    cell: (connection) => <ConnectionLink id={connection.id} of={connection} names={names} />,
  }
}

export function stateColumn(now: number, facts: FactsById<ConnectionFacts>): Column<Connection> {
  return {
    id: 'state',
    header: text('word.state'),
    sort: (connection) => stateOf(connection, now),
    cell: (connection) => (
      <StateChips state={stateOf(connection, now)} blocked={facts.get(connection.id)?.blocked} />
    ),
  }
}

export const expiryColumn: Column<Connection> = {
  id: 'apps',
  header: text('word.expires'),
  sort: ({ expiresAt }) => expiresAt,
  cell: ({ expiresAt }) => renderTimeOr(expiresAt, text('word.noExpiry')),
}

/** Number of users, last use and last denial, for connections whose facts were read. */
export function factColumns(
  facts: FactsById<ConnectionFacts>,
): readonly [users: Column<Connection>, ...usage: Column<Connection>[]] {
  const moment = (member: 'lastUsedAt' | 'lastDeniedAt'): Pick<Column<Connection>, 'sort' | 'cell'> => ({
    sort: ({ id }) => facts.get(id)?.[member] ?? undefined,
    cell: ({ id }) => (facts.has(id) ? <RelativeTime moment={facts.get(id)?.[member]} /> : '…'),
  })
  return [
    {
      id: 'users',
      header: text('word.users'),
      numeric: true,
      sort: ({ id }) => facts.get(id)?.people,
      cell: ({ id }) => (facts.has(id) ? formatNumber(facts.get(id)?.people ?? 0) : '…'),
    },
    { id: 'used', header: text('connections.lastUsed'), ...moment('lastUsedAt') },
    { id: 'denied', header: text('connections.lastDenied'), ...moment('lastDeniedAt') },
  ]
}
