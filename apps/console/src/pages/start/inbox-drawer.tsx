// An open inbox item with its details and actions. Access requests have their own card.
import { Button } from '@mantine/core'
import { IconCalendarPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { Tokens } from '../../components/chips.tsx'
import { Facts } from '../../components/facts.tsx'
import { Loaded } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useDecisionKeys } from '../../keyboard/use-decision-keys.ts'
import { useCan } from '../../session/session.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { RecommendationCard } from '../recommendations/recommendation-card.tsx'
import { confirmReviewDecision } from '../reviews/confirm-review-decision.tsx'
import { ItemCard } from '../reviews/item-card.tsx'
import type { Verdict } from '../reviews/review-types.ts'
import { confirmExtend } from './confirm-extend.tsx'
import type { ExpiringConnection, InboxItem, WaitingReviewItem } from './inbox-items.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import { ObjectLink } from '../../components/object/names.tsx'
import '../reviews/reviews.css'
import { pathOf } from '../../components/object/object-path.ts'

interface OpenItemProps {
  readonly item: InboxItem
  readonly close: () => void
}

export function titleOf({ kind }: InboxItem): string {
  return text(`inbox.kind.${kind}`)
}

export function OpenItem({ item, close }: OpenItemProps) {
  switch (item.kind) {
    case 'review':
      return <OpenReviewItem waiting={item.waiting} />
    case 'expiring':
      return <OpenExpiring connection={item.connection} close={close} />
    case 'recommendation':
      return <RecommendationCard recommendation={item.recommendation} />
    case 'request':
      return null
  }
}

const VERDICTS = { a: 'keep', n: 'narrow', x: 'revoke' } as const

function OpenReviewItem({ waiting: { review, item } }: { readonly waiting: WaitingReviewItem }) {
  const names = useNames()
  const decide = (verdict: Verdict) =>
    confirmReviewDecision({ review: review.id, item, verdict, name: names.appPair(item) })
  useDecisionKeys(VERDICTS, decide)
  return (
    <>
      <p>
        <Link to={pathOf('review', review.id)}>{review.name}</Link>
      </p>
      <ul className="cw-plain-list">
        <ItemCard item={item} periodDays={review.periodDays} decide={decide} />
      </ul>
    </>
  )
}

const EXTEND = { e: true } as const

interface OpenExpiringProps {
  readonly connection: ExpiringConnection
  readonly close: () => void
}

function OpenExpiring({ connection, close }: OpenExpiringProps) {
  const may = useCan()('connections.change')
  const name = useNames().appPair(connection)
  return (
    <article>
      <ExpiringFacts connection={connection} />
      {may ? (
        <Extending id={connection.connection} name={name} close={close} />
      ) : (
        <p className="cw-quiet-text">{text('inbox.extendByOthers')}</p>
      )}
    </article>
  )
}

function ExpiringFacts({ connection }: Pick<OpenExpiringProps, 'connection'>) {
  const names = useNames()
  const { connection: id, app, resourceApp, scopes, expiresAt, lastUsedAt, uses, people } = connection
  return (
    <>
      <h2 className="cw-decision-headline">{names.appPair({ app, resourceApp })}</h2>
      <Facts
        facts={[
          [text('word.connection'), <ObjectLink key="id" kind="connection" id={id} />],
          [text('word.expires'), <RelativeTime key="ends" moment={expiresAt} />],
          [text('connections.lastUsed'), <RelativeTime key="used" moment={lastUsedAt} />],
          [
            text('item.uses'),
            countText('inbox.usesOfOne', 'inbox.usesValue', people, { uses: formatNumber(uses) }),
          ],
          [text('word.scopes'), <Tokens key="scopes" items={scopes} />],
        ]}
      />
    </>
  )
}

function Extending({
  id,
  name,
  close,
}: {
  readonly id: string
  readonly name: string
  readonly close: () => void
}) {
  const query = useApi('connections.read', { params: { id } })
  const extend = () => {
    if (query.data === undefined) return
    const { body, etag = '' } = query.data
    confirmExtend({ id, name, until: body.expiresAt, etag, close })
  }
  useDecisionKeys(EXTEND, extend)
  return (
    <Loaded query={query}>
      {() => (
        <div className="cw-dialog-buttons">
          <Button
            variant="filled"
            leftSection={smallIcon(IconCalendarPlus)}
            aria-keyshortcuts="e"
            onClick={extend}
          >
            {text('inbox.act.expiring')}
          </Button>
        </div>
      )}
    </Loaded>
  )
}
