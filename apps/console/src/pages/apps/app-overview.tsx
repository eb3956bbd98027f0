// An app's kind, owners and assigned users.
import { useMemo } from 'react'

import type { App } from '../../api/objects.ts'
import { useAppFacts } from '../../api/facts.ts'
import { copyFact, Facts } from '../../components/facts.tsx'
import { AssignmentFacts } from '../../components/object/assignment-facts.tsx'
import { Section } from '../../components/page-header.tsx'
import { formatNumber, text } from '../../texts/text.ts'
import { describeAuth } from './app-kinds.ts'
import { RelativeTime } from '../../components/time.tsx'
import { ObjectLinks, ObjectLink } from '../../components/object/names.tsx'
import { OwnersOf } from '../../components/object/owners-of.tsx'

export function AppOverview({ app }: { readonly app: App }) {
  const ids = useMemo(() => [app.id], [app.id])
  const facts = useAppFacts(ids).byId.get(app.id)
  const momentOf = (moment: string | null | undefined) =>
    moment === undefined ? text('value.unknown') : <RelativeTime moment={moment} />
  return (
    <>
      <div className="cw-card">
        <Facts
          facts={[
            copyFact('word.clientID', app.id),
            app.purpose === undefined ? null : [text('word.purpose'), app.purpose],
            [text('apps.kind'), text(`app.kind.${app.kind}`)],
            [text('word.authentication'), describeAuth(app.auth)],
            app.serviceOf === undefined
              ? null
              : [text('app.serviceOf'), <ObjectLink kind="resource_app" id={app.serviceOf} />],
            [text('agents.owners'), <Owners app={app} />],
            [
              text('word.connections'),
              facts === undefined ? text('value.unknown') : formatNumber(facts.connections),
            ],
            [text('connections.lastUsed'), momentOf(facts?.lastUsedAt)],
            [text('connections.lastDenied'), momentOf(facts?.lastDeniedAt)],
          ]}
        />
      </div>
      <Section title={text('app.assignments')}>
        <p className="cw-quiet-text">{text('app.assignmentsText')}</p>
        <AssignmentFacts assignments={app.assignments} everyoneHelp={text('app.everyoneHelp')} />
      </Section>
    </>
  )
}

function Owners({ app }: { readonly app: App }) {
  if (app.kind !== 'agent') return <ObjectLinks kind="user" ids={app.owners} />
  return (
    <>
      <OwnersOf app={app} />
      {app.activeOwners.length === 1 ? <p className="cw-quiet-text">{text('agents.twoOwners')}</p> : null}
    </>
  )
}
