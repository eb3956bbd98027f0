// The columns of decisions, on every page that lists some.
import { IconArrowRight } from '@tabler/icons-react'

import { OutcomeChip, Token, Tokens } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import type { Decision } from '../../components/decision/check-groups.ts'
import { AppName, PersonName, ResourceAppName } from '../../components/object/names.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'

export const decisionColumns: readonly Column<Decision>[] = [
  { id: 'time', header: text('decisions.time'), cell: ({ time }) => <RelativeTime moment={time} /> },
  {
    id: 'outcome',
    header: text('decisions.outcome'),
    hideable: false,
    cell: ({ outcome, narrowed }) => <OutcomeChip outcome={outcome} narrowed={narrowed.length > 0} />,
  },
  {
    id: 'person',
    header: text('decision.person'),
    cell: (decision) => <Person decision={decision} />,
  },
  {
    id: 'what',
    header: text('decisions.what'),
    cell: (decision) => <Between decision={decision} />,
  },
  { id: 'scopes', header: text('decisions.scopes'), cell: (decision) => <Scopes decision={decision} /> },
  { id: 'code', header: text('decisions.code'), cell: ({ code }) => <Token>{code}</Token> },
  { id: 'stage', header: text('decision.stage'), cell: ({ stage }) => text(`stage.short.${stage}`) },
  {
    id: 'latency',
    header: text('decisions.latency'),
    hidden: true,
    numeric: true,
    cell: ({ timing_ms }) => (timing_ms === undefined ? '' : `${timing_ms.total.toFixed(1)} ms`),
  },
  {
    id: 'trace',
    header: text('decision.trace'),
    hidden: true,
    cell: ({ trace_id }) => <Token>{trace_id}</Token>,
  },
  {
    id: 'why',
    header: text('decisions.why'),
    hidden: true,
    cell: ({ summary }) => summary.admin,
  },
]

/** A subject is a person known here only where this identity provider named it. */
function Person({
  decision: {
    request: { subject },
  },
}: {
  readonly decision: Decision
}) {
  const { issuer } = useSession()
  if (subject?.display !== undefined) return <>{subject.display}</>
  if (subject?.ref === undefined) return <>–</>
  return subject.issuer === issuer ? <PersonName id={subject.ref} /> : <>{subject.ref}</>
}

/** Both ends; an authorization server knows them by ids that may mean others here. */
function Between({ decision: { stage, request, resolution } }: { readonly decision: Decision }) {
  const ofIdp = stage.startsWith('idp.')
  const app = request.requesting_app?.id
  const resourceApp = resolution.resource_app
  return (
    <span>
      {app === undefined ? text('value.unknown') : ofIdp ? <AppName id={app} /> : app}{' '}
      <IconArrowRight size={14} aria-label={text('decisions.to')} className="cw-arrow" />{' '}
      {resourceApp === undefined ? (
        (request.audience ?? text('decisions.ownTokens'))
      ) : ofIdp ? (
        <ResourceAppName id={resourceApp} />
      ) : (
        resourceApp
      )}
    </span>
  )
}

/** What was asked, with what was cut struck through. */
function Scopes({ decision: { request, granted, outcome } }: { readonly decision: Decision }) {
  if (outcome !== 'allow' || granted === null) return <Tokens items={request.scope} empty="–" />
  const cut = request.scope.filter((scope) => !granted.scope.includes(scope))
  return (
    <span className="cw-tokens">
      <Tokens items={granted.scope} empty="–" />
      {cut.map((scope) => (
        <del key={scope}>
          <Token>{scope}</Token>
        </del>
      ))}
    </span>
  )
}
