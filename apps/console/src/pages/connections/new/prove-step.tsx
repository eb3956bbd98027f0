// A connection counts as proved once a real exchange over it was allowed. This waits for one, and shows a refusal as
// soon as there is one.
import { IconCircleCheck, IconHourglass } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { useApi, useList } from '../../../api/queries.ts'
import { CodeBlock } from '../../../components/code-block.tsx'
import { DecisionPanel } from '../../../components/decision/decision-panel.tsx'
import { Loaded, Loading } from '../../../components/states.tsx'
import { useSession } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import type { Connection } from '../connection-state.ts'

export function ProveStep({ id }: { readonly id: string }) {
  const query = useApi('connections.read', { params: { id } })
  return (
    <>
      <p>{text('new.proveLead')}</p>
      <Loaded query={query}>{({ body }) => <Waiting connection={body} />}</Loaded>
      <p>
        <Link to={`/connections/${encodeURIComponent(id)}`}>{text('new.open')}</Link>
      </p>
    </>
  )
}

function Waiting({ connection }: { readonly connection: Connection }) {
  const { issuer = '' } = useSession()
  const resourceApp = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  const app = useApi('apps.read', { params: { id: connection.app } })
  const { items } = useList('decisions.list', { connection: connection.id, limit: 5 })
  const proved = items.find(({ outcome }) => outcome === 'allow')
  const last = items[0]
  if (proved !== undefined)
    return (
      <div role="status">
        <p className="cw-title-row">
          <IconCircleCheck size={28} className="cw-check-pass" aria-hidden="true" />
          <strong>{text('new.proved')}</strong>
        </p>
        <DecisionPanel decision={proved} level={2} />
      </div>
    )
  return (
    <div role="status">
      <p className="cw-title-row">
        <IconHourglass size={22} className="cw-check-quiet" aria-hidden="true" />
        {text('new.proveWait')}
      </p>
      {app.isPending || resourceApp.isPending ? (
        <Loading lines={2} />
      ) : (
        <CodeBlock
          label={text('viewAs.cli')}
          code={buildCommand(connection, {
            idp: issuer,
            as: resourceApp.data?.body.issuer ?? '',
            redirectUri: app.data?.body.redirectUris.find((uri) => LOOPBACK.test(uri)),
          })}
        />
      )}
      <p className="cw-quiet-text">{text('new.provePlayground')}</p>
      {last === undefined ? null : (
        <>
          <p>{text('new.proveRefused')}</p>
          <DecisionPanel decision={last} level={2} />
        </>
      )}
    </div>
  )
}

/** Where a command line on this machine can take the answer of a sign-in. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//

interface Around {
  readonly idp: string
  readonly as: string
  readonly redirectUri: string | undefined
}

function buildCommand(
  { app, clientId, resources, scopes }: Connection,
  { idp, as, redirectUri }: Around,
): string {
  return [
    `crosswalk flow run --sign-in${redirectUri === undefined ? '' : ` --redirect-uri ${redirectUri}`}`,
    `--idp ${idp} --client-id ${app}`,
    `--as ${as} --as-client-id ${clientId ?? app}`,
    ...(resources[0] === undefined ? [] : [`--resource ${resources[0]}`]),
    ...(scopes.length === 0 ? [] : [`--scope "${scopes.join(' ')}"`]),
  ].join(' \\\n  ')
}
