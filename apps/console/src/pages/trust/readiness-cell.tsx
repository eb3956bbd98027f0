// One pair of apps: its state, when it was proved, and a link to the next step.
import { Link } from '@tanstack/react-router'

import type { App, Connection, ResourceApp } from '../../api/objects.ts'
import { useConnectionFacts, useIds } from '../../api/facts.ts'
import { useCompleteList } from '../../api/queries.ts'
import { type ChipState, StateChip } from '../../components/chips.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { stateOf } from '../../components/object/connection-state.ts'
import { findRegistration } from './find-registration.ts'
import { findReadiness, type Readiness } from './readiness.ts'
import { type LocalServer, useLocalServers } from './use-local-servers.ts'
import { pathOf } from '../../components/object/object-path.ts'

const CHIPS = {
  'same-issuer': 'error',
  'no-trust': 'error',
  'not-connected': 'off',
  'no-client': 'warn',
  stopped: 'suspended',
  'no-users': 'warn',
  configured: 'pending',
  proved: 'proved',
  'in-use': 'active',
} as const satisfies Record<Readiness, ChipState>

export function ReadinessChip({ readiness }: { readonly readiness: Readiness }) {
  return <StateChip state={CHIPS[readiness]} label={text(`readiness.${readiness}`)} />
}

interface ReadinessCellProps {
  readonly app: App
  readonly resourceApp: ResourceApp
}

export function ReadinessCell({ app, resourceApp }: ReadinessCellProps) {
  const { readiness, connection, lastUsedAt } = useReadiness(app, resourceApp)
  if (readiness === undefined) return <span className="cw-quiet-text">…</span>
  return (
    <span className="cw-readiness-cell">
      {connection === undefined ? (
        <ReadinessChip readiness={readiness} />
      ) : (
        <Link to={pathOf('connection', connection.id)}>
          <ReadinessChip readiness={readiness} />
        </Link>
      )}
      {lastUsedAt === undefined || lastUsedAt === null ? null : (
        <span className="cw-quiet-text">
          {text('readiness.lastUsed')} <RelativeTime moment={lastUsedAt} />
        </span>
      )}
    </span>
  )
}

/** Cells of a row share one read. */
function useReadiness(app: App, resourceApp: ResourceApp) {
  const { issuer: ownIssuer } = useSession()
  const now = useNow()
  const server = useLocalServers().get(resourceApp.issuer)
  const connections = useCompleteList('connections.list', { app: app.id })
  const facts = useConnectionFacts(useIds(connections.items))
  const connection = connections.items.find((one) => one.resourceApp === resourceApp.id)
  // A missing item may be in the part not yet read.
  if (connection === undefined && !connections.isComplete) return { readiness: undefined }
  const fact = connection === undefined ? undefined : facts.byId.get(connection.id)
  const readiness = findReadiness(
    {
      ownIssuer,
      issuer: resourceApp.issuer,
      isTrusted: server?.trustedIssuers.some(({ issuer, active }) => active && issuer === ownIssuer),
      connection:
        connection === undefined
          ? undefined
          : {
              isActive: ['active', 'report-only'].includes(stateOf(connection, now)),
              isClientKnown: isClientKnown(connection, resourceApp, server),
              users: fact?.people,
              lastUsedAt: fact?.lastUsedAt,
            },
    },
    now,
  )
  return { readiness, connection, lastUsedAt: fact?.lastUsedAt }
}

function isClientKnown(
  connection: Connection,
  { id, issuer }: ResourceApp,
  server: LocalServer | undefined,
): boolean | undefined {
  const servers = new Map(server === undefined ? [] : [[issuer, server]])
  switch (findRegistration(connection, new Map([[id, issuer]]), servers).state) {
    case 'registered':
      return true
    case 'elsewhere':
      return undefined
    case 'missing':
    case 'not-there':
    case 'inactive':
      return false
  }
}
