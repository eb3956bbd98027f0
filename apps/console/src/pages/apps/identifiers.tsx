// The identifiers of a resource app, its user claims, and how a request selects it among others behind the same issuer.
import type { ResourceApp } from '../../api/objects.ts'
import { Token, Tokens } from '../../components/chips.tsx'
import { Copyable } from '../../components/code-block.tsx'
import { copyFact, Facts } from '../../components/facts.tsx'
import { AssignmentFacts } from '../../components/object/assignment-facts.tsx'
import { SameIssuerApps } from '../../components/object/same-issuer-apps.tsx'
import { Section } from '../../components/page-header.tsx'
import { text } from '../../texts/text.ts'

export function Identifiers({ resourceApp }: { readonly resourceApp: ResourceApp }) {
  const { issuer, aliases, resources, requireResource, tenant, audTenant } = resourceApp
  return (
    <>
      <div className="cw-card">
        <Facts
          facts={[
            copyFact('target.audience', issuer),
            [text('target.aliases'), <Tokens items={aliases} empty={text('word.none')} />],
            [
              text('card.resources'),
              <span className="cw-tokens">
                {resources.length === 0
                  ? text('word.none')
                  : resources.map(({ id }) => <Copyable key={id} what={text('card.resources')} value={id} />)}
              </span>,
            ],
            [
              text('resourceApp.requireResource'),
              text(requireResource ? 'resourceApp.resourceRequired' : 'resourceApp.resourceOptional'),
            ],
            [text('target.tenant'), tenant ?? text('word.none')],
            [text('target.audTenant'), audTenant ?? text('word.none')],
          ]}
        />
      </div>
      <SameIssuerApps id={resourceApp.id} issuer={issuer} />
      <UserClaims resourceApp={resourceApp} />
      <Section title={text('resourceApp.assignments')}>
        <p className="cw-quiet-text">{text('resourceApp.assignmentsText')}</p>
        <AssignmentFacts
          assignments={resourceApp.assignments}
          everyoneHelp={text('resourceApp.everyoneHelp')}
        />
      </Section>
    </>
  )
}

/** The user claims of its ID-JAGs, the same for every requesting app. */
function UserClaims({ resourceApp: { subject, claims } }: { readonly resourceApp: ResourceApp }) {
  return (
    <Section title={text('resourceApp.userClaims')}>
      <p className="cw-quiet-text">{text('claims.contract')}</p>
      <div className="cw-card">
        <Facts
          facts={[
            ['sub', <Token>{subject}</Token>],
            ...Object.entries(claims).map(
              ([name, source]) => [name, <Token key={name}>{source}</Token>] as const,
            ),
          ]}
        />
      </div>
    </Section>
  )
}
