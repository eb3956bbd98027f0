// Columns of the inbox: item, user, reason, age and due date; for requests also their result.
import { Button } from '@mantine/core'

import { StateChip, Tokens } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import { RelativeTime, renderTimeOr } from '../../components/time.tsx'
import { countText, text } from '../../texts/text.ts'
import type { Names } from '../../session/names.ts'
import type { AccessRequest, InboxItem } from './inbox-items.ts'
import { AppPair } from '../../components/object/connection-link.tsx'
import { ObjectLink } from '../../components/object/names.tsx'

interface Queue {
  readonly names: Names
  readonly mayExtend: boolean
  readonly show: (id: string) => void
}

export function buildQueueColumns({ names, mayExtend, show }: Queue): readonly Column<InboxItem>[] {
  return [
    {
      id: 'what',
      header: text('inbox.what'),
      hideable: false,
      cell: (item) => (
        <span>
          <span className="cw-quiet-text">{text(`inbox.kind.${item.kind}`)}</span>
          <br />
          <ItemTitle item={item} names={names} />
        </span>
      ),
    },
    { id: 'who', header: text('word.user'), cell: (item) => describeWho(item, names) },
    { id: 'why', header: text('decisions.why'), cell: (item) => describeWhy(item) },
    { id: 'decides', header: text('inbox.decides'), cell: (item) => describeDeciders(item, names) },
    { id: 'age', header: text('inbox.age'), cell: ({ since }) => renderTimeOr(since, '–') },
    { id: 'due', header: text('reviews.due'), cell: ({ due }) => renderTimeOr(due, '–') },
    {
      id: 'action',
      header: text('word.action'),
      hideable: false,
      cell: ({ id, kind }) => (
        <Button size="compact-sm" onClick={() => show(id)}>
          {text(kind === 'expiring' && !mayExtend ? 'inbox.viewConnection' : `inbox.act.${kind}`)}
        </Button>
      ),
    },
  ]
}

function ItemTitle({ item, names }: { readonly item: InboxItem; readonly names: Names }) {
  switch (item.kind) {
    case 'request':
      return <AppPairCell of={item.requests[0]} names={names} />
    case 'review':
      return <AppPairCell of={item.waiting.item} names={names} />
    case 'expiring':
      return <AppPairCell of={item.connection} names={names} />
    case 'recommendation':
      return <span className="cw-first">{item.recommendation.sentence}</span>
  }
}

interface AppPairCellProps {
  readonly of: { readonly app: string; readonly resourceApp: string }
  readonly names: Names
}

function AppPairCell({ of, names }: AppPairCellProps) {
  return (
    <span className="cw-first">
      <AppPair of={of} names={names} />
    </span>
  )
}

function describeWho(item: InboxItem, names: Names): string {
  switch (item.kind) {
    case 'request':
      return describeUsers(item.requests, names)
    case 'review':
      return countText('inbox.activeUser', 'inbox.activeUsers', item.waiting.item.evidence.assigned)
    case 'expiring':
      return countText('inbox.userUsed', 'inbox.usersUsed', item.connection.people)
    case 'recommendation':
      return '–'
  }
}

/** Who was asked by name. */
function describeDeciders(item: InboxItem, names: Names): string {
  const users = item.kind === 'request' ? (item.requests[0].asked?.users ?? []) : []
  return users.length === 0 ? '–' : users.map((id) => names.user(id)).join(', ')
}

function describeRequestState({ comments = [], askedBy, user, reason }: AccessRequest): string {
  const last = comments.at(-1)
  const isAnswered = last === undefined || last.by === askedBy || last.by === user
  return isAnswered ? reason : text('inbox.waitsForAnswer', { question: last.text })
}

function describeUsers(requests: readonly AccessRequest[], names: Names): string {
  const users = [...new Set(requests.map(({ user }) => user))]
  const [only = ''] = users
  return users.length === 1 ? names.user(only) : countText('inbox.userUsed', 'inbox.usersUsed', users.length)
}

function describeWhy(item: InboxItem): string {
  switch (item.kind) {
    case 'request':
      return describeRequestState(item.requests[0])
    case 'review': {
      const { review, item: of } = item.waiting
      return `${review.name}. ${text(`item.why.${of.suggestion}`)}`
    }
    case 'expiring':
      if (item.connection.uses === 0) return text('inbox.endsWhyNever')
      return countText('inbox.endsWhyOnce', 'inbox.endsWhy', item.connection.uses)
    case 'recommendation':
      return item.recommendation.action.text
  }
}

export function buildRequestColumns(names: Names): readonly Column<AccessRequest>[] {
  return [
    {
      id: 'who',
      header: text('word.user'),
      hideable: false,
      cell: ({ user }) => <ObjectLink kind="user" id={user} className="cw-first" />,
    },
    {
      id: 'what',
      header: text('word.connection'),
      cell: (request) => <AppPairCell of={request} names={names} />,
    },
    { id: 'scopes', header: text('word.scopes'), cell: ({ scopes }) => <Tokens items={scopes} /> },
    { id: 'why', header: text('decisions.why'), cell: ({ reason }) => reason },
    {
      id: 'asked',
      header: text('inbox.requested'),
      cell: ({ askedAt }) => <RelativeTime moment={askedAt} />,
    },
    { id: 'state', header: text('word.state'), cell: ({ state }) => <StateChip state={state} /> },
    { id: 'by', header: text('inbox.requestedBy'), hidden: true, cell: ({ askedBy }) => names.user(askedBy) },
    {
      id: 'decided',
      header: text('inbox.decidedBy'),
      hidden: true,
      cell: ({ decidedBy = '', rule }) =>
        rule === undefined ? names.user(decidedBy) || '–' : text('inbox.byRule', { rule }),
    },
  ]
}
