// The command that proves a connection on the machine of its app.
import type { AnswerTo } from '@crosswalk/admin-api'

import { CodeBlock } from '../../../components/code-block.tsx'
import { useSession } from '../../../session/session.tsx'
import '../../../texts/en/proofs.ts'
import { text } from '../../../texts/text.ts'
import type { Connection } from '../../../components/object/connection-state.ts'

type App = AnswerTo<'apps.read'>

/** A connection with what it connects. */
export interface Parties {
  readonly connection: Connection
  /** Of one that describes itself no more is known than what it is called. */
  readonly app: Pick<App, 'id' | 'name'> & Partial<App>
  readonly resourceApp: AnswerTo<'resource-apps.read'>
}

export function CommandLine(parties: Parties) {
  const { issuer = '' } = useSession()
  return (
    <>
      <p>{text('prove.commandLead')}</p>
      <CodeBlock label={text('viewAs.cli')} code={buildCommand(parties, issuer)} />
      <p className="cw-quiet-text">{text('prove.playground')}</p>
    </>
  )
}

/** Where a command line on this machine can take the answer of a sign-in. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//

function buildCommand({ connection, app, resourceApp }: Parties, idp: string): string {
  const { clientId, resources, scopes } = connection
  const redirectUri = app.redirectUris?.find((uri) => LOOPBACK.test(uri))
  return [
    `crosswalk flow run --sign-in${redirectUri === undefined ? '' : ` --redirect-uri ${redirectUri}`}`,
    `--idp ${idp} --client-id ${app.id}`,
    `--as ${resourceApp.issuer} --as-client-id ${clientId ?? app.id}`,
    ...(resources[0] === undefined ? [] : [`--resource ${resources[0]}`]),
    ...(scopes.length === 0 ? [] : [`--scope "${scopes.join(' ')}"`]),
  ].join(' \\\n  ')
}
