// How to run a real exchange over a connection: from here, if users sign in to its app, or from the CLI.
import type { Connection } from '../../../api/objects.ts'
import '../../../texts/en/proofs.ts'
import { kindOf } from '../../../api/problem.ts'
import { useApi } from '../../../api/queries.ts'
import { Section } from '../../../components/page-header.tsx'
import { Loaded } from '../../../components/states.tsx'
import { text } from '../../../texts/text.ts'
import type { Parties } from './parties.ts'
import { ProveForm } from './prove-form.tsx'
import { CodeBlock } from '../../../components/code-block.tsx'
import { useSession } from '../../../session/session.tsx'
import { buildCommand, canSignIn } from './build-command.ts'

interface ProveConnectionProps {
  readonly connection: Connection
  /** Whether a result is shown above */
  readonly again: boolean
}

export function ProveConnection({ connection, again }: ProveConnectionProps) {
  const app = useApi('apps.read', { params: { id: connection.app } })
  const resourceApp = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  // An app with a metadata document is not registered, and authenticates with a key.
  const isExternal = app.error !== null && kindOf(app.error) === 'not-found'
  const requestingApp = isExternal ? { id: connection.app, name: connection.app } : app.data?.body
  if (requestingApp === undefined) return <Loaded query={app}>{() => null}</Loaded>
  return (
    <Loaded query={resourceApp}>
      {({ body }) => <ExchangeOptions {...{ connection, app: requestingApp, resourceApp: body, again }} />}
    </Loaded>
  )
}

function ExchangeOptions({ again, ...parties }: Parties & Pick<ProveConnectionProps, 'again'>) {
  const { connection, app } = parties
  const places = useApi('connections.proof-credentials', { params: { id: connection.id } })
  return (
    <>
      {canSignIn(app) ? (
        <Section title={text(again ? 'prove.again' : 'prove.form')}>
          {connection.resources.length === 0 ? (
            <p>{text('prove.noResource')}</p>
          ) : (
            <Loaded query={places}>{({ body }) => <ProveForm {...parties} places={body} />}</Loaded>
          )}
        </Section>
      ) : null}
      <Section title={text('viewAs.cli')}>
        <Loaded query={places}>
          {({ body }) => <CommandLine parties={parties} inBody={body.atResource.inBody} />}
        </Loaded>
      </Section>
    </>
  )
}

/** The command that proves a connection on the app's machine. */
function CommandLine({
  parties,
  inBody,
}: {
  readonly parties: Parties
  readonly inBody: boolean | undefined
}) {
  const { issuer = '' } = useSession()
  return (
    <>
      {canSignIn(parties.app) ? null : <p>{text('prove.noSignIn', { app: parties.app.name })}</p>}
      <p>{text('prove.commandLead')}</p>
      <CodeBlock label={text('viewAs.cli')} code={buildCommand(parties, { idp: issuer, inBody })} />
      {/* The playground cannot sign a user in. */}
      {canSignIn(parties.app) ? null : <p className="cw-quiet-text">{text('prove.playground')}</p>}
    </>
  )
}
