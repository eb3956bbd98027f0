// Allowed users: the assignment, and the users it currently includes, as evaluated.
import type { Connection } from '../../../api/objects.ts'
import { useList, useReadOn } from '../../../api/queries.ts'
import { Tokens } from '../../../components/chips.tsx'
import { AssignmentFacts } from '../../../components/object/assignment-facts.tsx'
import { describeVia } from '../../../components/object/describe-via.ts'
import { ObjectLink } from '../../../components/object/names.tsx'
import { Section } from '../../../components/page-header.tsx'
import { ErrorState, Loading, NothingYet } from '../../../components/states.tsx'
import { useCan } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import { stateOf } from '../../../components/object/connection-state.ts'
import { useBlock } from '../../../components/object/use-block.ts'
import { useNow } from '../../../hooks/use-now.ts'
import { useNames } from '../../../session/names.ts'
import { AccessGrants } from './access-grants.tsx'
import { MoreRows } from '../../../components/more-rows.tsx'
import { SmallTable } from '../../../components/small-table.tsx'

export function UsersTab({ connection }: { readonly connection: Connection }) {
  const names = useNames()
  return (
    <>
      <AssignmentFacts assignments={connection.assignments} everyoneHelp={text('assignments.everyoneHelp')} />
      <AccessGrants connection={connection} />
      <Section title={text('assignments.effective')}>
        <p className="cw-quiet-text">
          {text('assignments.effectiveText', {
            app: names.app(connection.app),
            resourceApp: names.resourceApp(connection.resourceApp),
          })}
        </p>
        <Effective connection={connection} />
      </Section>
    </>
  )
}

function Effective({ connection }: { readonly connection: Connection }) {
  const can = useCan()
  const now = useNow()
  const isBlocked = useBlock({ connection: connection.id, app: connection.app }) !== undefined
  const list = useList(
    'reach.what',
    { app: connection.app, resourceApp: connection.resourceApp },
    { enabled: can('reach.what') },
  )
  const { items, query, hasMore } = list
  const readsOn = useReadOn(list, items.length === 0)
  if (query.error !== null) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (query.isPending || readsOn) return <Loading />
  const byUser = [...Map.groupBy(items, ({ user }) => user)]
  if (byUser.length === 0 && hasMore) return <NothingYet list={list} />
  if (byUser.length === 0) {
    const isInEffect = !isBlocked && stateOf(connection, now) === 'active'
    return <p>{text(isInEffect ? 'assignments.effectiveNone' : 'assignments.notInEffect')}</p>
  }
  return (
    <SmallTable
      label={text('assignments.effective')}
      headers={[text('word.name'), text('word.through'), text('word.result')]}
      rows={byUser.map(([user, reached]) => ({
        id: user,
        cells: [
          <span className="cw-anywhere">
            <ObjectLink kind="user" id={user} />
          </span>,
          describeVia(reached[0]?.via ?? ''),
          <Tokens items={[...new Set(reached.flatMap(({ scopes }) => scopes))]} />,
        ],
      }))}
    >
      <MoreRows list={list} />
    </SmallTable>
  )
}
