// Stored policy tests about this connection, run against the current definitions.
import { Link } from '@tanstack/react-router'

import type { Connection } from '../../../api/objects.ts'
import { kindOf } from '../../../api/problem.ts'
import { useApi, useCompleteList } from '../../../api/queries.ts'
import { EmptyState, ErrorState, ForbiddenState, Loaded, Loading } from '../../../components/states.tsx'
import { useCan } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import { TestResults } from '../../policies/test-results.tsx'
import { pickDefinition } from '../../../components/object/definition.ts'
import { pickTests } from '../pick-tests.ts'

export function TestsTab({ connection }: { readonly connection: Connection }) {
  const can = useCan()
  return can('policy-suites.list') && can('policies.test') ? (
    <SavedTests connection={connection} />
  ) : (
    <ForbiddenState />
  )
}

function SavedTests({ connection }: { readonly connection: Connection }) {
  const suites = useCompleteList('policy-suites.list')
  const app = useApi('apps.read', { params: { id: connection.app } })
  const resourceApp = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  // An app with a metadata document is not registered, and tests can name it only by its id.
  const isExternal = app.error !== null && kindOf(app.error) === 'not-found'
  const requestingApp = isExternal ? { id: connection.app } : app.data?.body
  const error = suites.query.error ?? (isExternal ? null : app.error) ?? resourceApp.error
  if (error !== null) return <ErrorState error={error} />
  if (requestingApp === undefined || resourceApp.data === undefined || !suites.isComplete) return <Loading />
  const apps = { app: requestingApp, resourceApp: resourceApp.data.body }
  const suitesToRun = suites.items.flatMap((suite) => pickTests(suite, apps) ?? [])
  if (suitesToRun.length === 0)
    return (
      <EmptyState title={text('tests.none')} actions={<Link to="/policy-tests">{text('tests.open')}</Link>}>
        {text('tests.noneText')}
      </EmptyState>
    )
  return (
    <>
      <p className="cw-quiet-text">{text('tests.lead')}</p>
      {suitesToRun.map((suite) => (
        <Run key={suite.id} suite={suite} />
      ))}
    </>
  )
}

function Run({ suite }: { readonly suite: NonNullable<ReturnType<typeof pickTests>> }) {
  const { id, description: _, ...rest } = pickDefinition('policy-suites', suite)
  const query = useApi('policies.test', { body: { suite: id, ...rest } })
  return <Loaded query={query}>{({ body }) => <TestResults report={body} />}</Loaded>
}
