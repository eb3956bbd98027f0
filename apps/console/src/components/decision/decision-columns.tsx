// Columns of decision lists.
import { useMemo } from 'react'

import { OutcomeChip, Token, Tokens } from '../chips.tsx'
import type { Column } from '../data-table.tsx'
import type { Decision } from './check-groups.ts'
import { AppOf, ResourceAppOf, useNameOfUser } from './parties.tsx'
import { RelativeTime } from '../time.tsx'
import { text } from '../../texts/text.ts'
import { FromTo } from '../object/connection-link.tsx'

export function useDecisionColumns(): readonly Column<Decision>[] {
  const nameUser = useNameOfUser()
  return useMemo(() => [...OUTCOME, buildUserColumn(nameUser), ...MORE_COLUMNS], [nameUser])
}

function buildUserColumn(nameUser: (decision: Decision) => string | undefined): Column<Decision> {
  return {
    id: 'user',
    header: text('word.user'),
    sort: nameUser,
    cell: (decision) => nameUser(decision) ?? '–',
  }
}

const OUTCOME: readonly Column<Decision>[] = [
  { id: 'time', header: text('word.time'), cell: ({ time }) => <RelativeTime moment={time} /> },
  {
    id: 'outcome',
    header: text('decisions.outcome'),
    hideable: false,
    sort: ({ outcome }) => outcome,
    cell: ({ outcome, narrowed }) => <OutcomeChip outcome={outcome} narrowed={narrowed.length > 0} />,
  },
]

const MORE_COLUMNS: readonly Column<Decision>[] = [
  {
    id: 'what',
    header: text('decisions.what'),
    cell: (decision) => <Parties decision={decision} />,
  },
  { id: 'scopes', header: text('word.scopes'), cell: (decision) => <Scopes decision={decision} /> },
  {
    id: 'code',
    header: text('decisions.code'),
    cell: ({ code }) => <Token>{code}</Token>,
    sort: ({ code }) => code,
  },
  { id: 'stage', header: text('decision.stage'), cell: ({ stage }) => text(`stage.short.${stage}`) },
  {
    id: 'latency',
    header: text('decisions.latency'),
    hidden: true,
    sort: ({ timing_ms }) => timing_ms?.total,
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

function Parties({ decision }: { readonly decision: Decision }) {
  const own = decision.request.audience ?? text('decisions.ownTokens')
  return (
    <span>
      <FromTo
        from={<AppOf decision={decision} otherwise={text('value.unknown')} />}
        to={<ResourceAppOf decision={decision} otherwise={own} />}
      />
    </span>
  )
}

/** The requested scopes, with denied ones struck through. */
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
