// What an access request would allow, who is asked to decide it, who answers for the app, who has access already, and the current outcome at the token
// endpoint.
import { useMemo } from 'react'

import { useConnectionFacts } from '../../api/facts.ts'
import { useApi } from '../../api/queries.ts'
import { OutcomeChip, Token, Tokens } from '../../components/chips.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { ObjectLink } from '../../components/object/names.tsx'
import { OwnersOf } from '../../components/object/owners-of.tsx'
import { ErrorState, Loading } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useCan } from '../../session/session.tsx'
import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'
import { formatNumber, text } from '../../texts/text.ts'
import type { AccessRequest } from './inbox-items.ts'
import { useRoutingFacts } from './request-routing.tsx'

/** @returns the connection for an approval; null if there is none, undefined if unknown */
export function useConnection({ app, resourceApp }: Pick<AccessRequest, 'app' | 'resourceApp'>) {
  const { data } = useApiIfAllowed('connections.list', { query: { app, resourceApp, limit: 1 } })
  return data === undefined ? undefined : (data.body.items[0] ?? null)
}

/** User and access of an approval, and the current outcome. */
export function RequestEffect({ request }: { readonly request: AccessRequest }) {
  const { user, scopes } = request
  const connection = useConnection(request)
  const context = useContextFacts(request, connection?.id)
  const routing = useRoutingFacts(request)
  return (
    <>
      <Facts
        facts={[
          [text('word.user'), <ObjectLink key="user" kind="user" id={user} />],
          [
            text('word.connection'),
            connection === undefined ? (
              '…'
            ) : connection === null ? (
              text('word.none')
            ) : (
              <ObjectLink key="connection" kind="connection" id={connection.id} />
            ),
          ],
          [text('decision.scope'), <Tokens key="scopes" items={scopes} />],
          ...routing,
          ...context,
        ]}
      />
      <CurrentOutcome request={request} connection={connection} />
    </>
  )
}

/** What the app is for, who answers for it, and how the connection is used without this request */
function useContextFacts({ app }: AccessRequest, connection: string | undefined): readonly (Fact | null)[] {
  const about = useApiIfAllowed('apps.read', { params: { id: app } }).data?.body
  const ids = useMemo(() => (connection === undefined ? [] : [connection]), [connection])
  const [use] = useConnectionFacts(ids).byId.values()
  return [
    about?.purpose === undefined ? null : [text('inbox.appPurpose'), about.purpose],
    about === undefined ? null : [text('inbox.appOwner'), <OwnersOf app={about} />],
    use === undefined ? null : [text('inbox.usersNow'), formatNumber(use.people)],
    use === undefined ? null : [text('connections.lastUsed'), <RelativeTime moment={use.lastUsedAt} />],
  ]
}

/** Approval suffices if the pending request is the only obstacle. */
const APPROVAL_PENDING = 'XAA1802'

interface CurrentOutcomeProps {
  readonly request: AccessRequest
  readonly connection: ReturnType<typeof useConnection>
}

function CurrentOutcome({ request, connection }: CurrentOutcomeProps) {
  const { user, app, resourceApp, scopes } = request
  const can = useCan()
  const maySee = can('resource-apps.read') && can('simulate')
  const target = useApi('resource-apps.read', { params: { id: resourceApp } }, { enabled: maySee })
  const found = target.data?.body
  // An approval covers the resources of the connection only.
  const resource = connection?.resources ?? found?.resources.map(({ id }) => id) ?? []
  const body = {
    ...{ user, app, audience: found?.issuer ?? '', scope: scopes },
    ...(resource.length === 0 ? {} : { resource: [...resource] }),
  }
  const isConnectionKnown = connection !== undefined || !can('connections.list')
  const query = useApi('simulate', { body }, { enabled: found !== undefined && isConnectionKnown })
  const error = target.error ?? query.error
  if (!maySee) return null
  if (error !== null) return <ErrorState error={error} />
  if (query.data === undefined) return <Loading lines={2} />
  const { outcome, narrowed, code, summary } = query.data.body
  return (
    <section className="cw-remedies" aria-label={text('inbox.now')}>
      <p className="cw-title-row">
        <strong>{text('inbox.now')}</strong>
        <OutcomeChip outcome={outcome} narrowed={narrowed.length > 0} />
        <Token>{code}</Token>
      </p>
      <p>{code === APPROVAL_PENDING ? text('inbox.approvalIsEnough') : summary.admin}</p>
    </section>
  )
}
