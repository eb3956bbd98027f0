// One connection of a review: usage, suggestion, and the decision or its buttons.
import { Button, Tooltip } from '@mantine/core'
import { IconBan, IconCheck, IconCircleHalf2 } from '@tabler/icons-react'
import type { KeyboardEvent, ReactNode } from 'react'

import { useForbiddenReason } from '../../components/actions.tsx'
import { type ChipState, StateChip, Tokens } from '../../components/chips.tsx'
import { Facts } from '../../components/facts.tsx'
import { formatExact, RelativeTime, renderTimeOr } from '../../components/time.tsx'
import { useCan } from '../../session/session.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { RemovalProof } from './removal-proof.tsx'
import type { ReviewItem, Verdict } from './review-types.ts'
import { AppPair, ConnectionLink } from '../../components/object/connection-link.tsx'
import { smallIcon } from '../../components/small-icon.tsx'

interface ItemCardProps {
  readonly item: ReviewItem
  readonly periodDays: number
  /** The review, if cards of several are shown together */
  readonly from?: ReactNode
  /** Why the user may not decide; undefined if they may */
  readonly own?: string | undefined
  /** undefined once decided */
  readonly decide?: ((verdict: Verdict) => void) | undefined
}

const KEYS: Readonly<Record<string, Verdict>> = { a: 'keep', n: 'narrow', x: 'revoke' }

export function ItemCard({ item, periodDays, from, own, decide }: ItemCardProps) {
  const forbiddenReason = useForbiddenReason()('reviews.decide')
  const obstacle = own === undefined ? forbiddenReason : text('item.own', { why: own })
  const may = item.decision === undefined && decide !== undefined
  function onKeyDown(event: KeyboardEvent): void {
    const verdict = KEYS[event.key.toLowerCase()]
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (verdict === undefined || !plain || !may || obstacle !== undefined) return
    if (event.target !== event.currentTarget) return
    event.preventDefault()
    decide(verdict)
  }
  return (
    <li className="cw-card cw-review-item" data-row={item.connection} tabIndex={-1} onKeyDown={onKeyDown}>
      <div className="cw-row">
        <h3>
          <ItemEnds item={item} />
        </h3>
        {item.decision === undefined ? <Suggestion item={item} /> : <Decided item={item} />}
      </div>
      {from}
      <Evidence item={item} periodDays={periodDays} />
      {item.decision === undefined ? null : <Outcome decision={item.decision} />}
      {may ? <VerdictButtons obstacle={obstacle} decide={decide} /> : null}
    </li>
  )
}

function ItemEnds({ item }: Pick<ItemCardProps, 'item'>) {
  const names = useNames()
  return useCan()('connections.read') ? (
    <ConnectionLink id={item.connection} of={item} names={names} />
  ) : (
    <span>
      <AppPair of={item} names={names} />
    </span>
  )
}

const SUGGESTION_CHIPS: Readonly<Record<Verdict, ChipState>> = {
  keep: 'ok',
  narrow: 'narrowed',
  revoke: 'warn',
}

function Suggestion({ item: { suggestion } }: Pick<ItemCardProps, 'item'>) {
  return (
    <Tooltip label={text(`item.why.${suggestion}`)}>
      <span tabIndex={0} className="cw-chip-help">
        <StateChip state={SUGGESTION_CHIPS[suggestion]} label={text(`item.suggests.${suggestion}`)} />
      </span>
    </Tooltip>
  )
}

const DECISION_CHIPS = { keep: 'ok', narrow: 'narrowed', revoke: 'revoked', suspend: 'suspended' } as const

function Decided({ item: { decision } }: Pick<ItemCardProps, 'item'>) {
  const names = useNames()
  if (decision === undefined) return null
  return (
    <span className="cw-title-row">
      <StateChip
        state={DECISION_CHIPS[decision.decision]}
        label={text(`item.decision.${decision.decision}`)}
      />
      <span className="cw-quiet-text">
        {names.user(decision.by)}, <RelativeTime moment={decision.at} />
      </span>
    </span>
  )
}

function Evidence({ item, periodDays }: Pick<ItemCardProps, 'item' | 'periodDays'>) {
  const { evidence, addedScopes, expiresAt, purpose, owners } = item
  const names = useNames()
  const days = countText('time.dayCount', 'time.dayCounts', periodDays)
  return (
    <Facts
      facts={[
        purpose === undefined ? null : [text('word.purpose'), purpose],
        owners.length === 0 ? null : [text('agents.owners'), owners.map(names.user).join(', ')],
        [text('connections.lastUsed'), <RelativeTime moment={evidence.lastUsedAt} />],
        [
          text('item.uses'),
          evidence.uses === 0
            ? text('item.noUses', { days })
            : countText('item.usesOfOne', 'item.usesOfMany', evidence.people, {
                uses: formatNumber(evidence.uses),
                days,
              }),
        ],
        [text('item.users'), formatNumber(evidence.assigned)],
        evidence.grants.length === 0 ? null : [text('grant.title'), <Grants grants={evidence.grants} />],
        [text('item.used'), <Tokens items={evidence.usedScopes} />],
        [
          text('item.unused'),
          <span>
            <Tokens items={evidence.unusedScopes} />
            {evidence.examined < evidence.uses ? (
              <span className="cw-quiet-text">
                {' '}
                {countText('item.examinedOne', 'item.examinedMany', evidence.examined)}
              </span>
            ) : null}
          </span>,
        ],
        addedScopes === undefined ? null : [text('item.added'), <Tokens items={addedScopes} />],
        [text('word.expires'), renderTimeOr(expiresAt, text('word.noExpiry'))],
      ]}
    />
  )
}

function Grants({ grants }: { readonly grants: ReviewItem['evidence']['grants'] }) {
  const names = useNames()
  return (
    <ul className="cw-plain-list">
      {grants.map(({ id, user, scopes, until }) => (
        <li key={id}>
          {names.user(user)}: {scopes.join(', ')} · {renderTimeOr(until, text('word.noExpiry'))}
        </li>
      ))}
    </ul>
  )
}

/** What was decided, and whether removed access has ended. */
function Outcome({ decision }: { readonly decision: NonNullable<ReviewItem['decision']> }) {
  const off = [...(decision.removed?.users ?? []), ...(decision.removed?.groups ?? [])]
  return (
    <Facts
      facts={[
        [text('word.reason'), decision.reason],
        decision.scopes === undefined ? null : [text('item.left'), <Tokens items={decision.scopes} />],
        off.length === 0 ? null : [text('item.removed'), <Tokens items={off} />],
        decision.revokedTokens === undefined
          ? null
          : [text('item.tokens'), formatNumber(decision.revokedTokens)],
        [text('item.inForce'), formatExact(decision.effectiveAt)],
        decision.removal === undefined
          ? null
          : [text('item.removal'), <RemovalProof removal={decision.removal} />],
      ]}
    />
  )
}

interface VerdictButtonsProps {
  readonly obstacle: string | undefined
  readonly decide: (verdict: Verdict) => void
}

function VerdictButtons({ obstacle, decide }: VerdictButtonsProps) {
  if (obstacle !== undefined) return <p className="cw-quiet-text">{obstacle}</p>
  return (
    <div className="cw-actions cw-verdicts">
      <Button leftSection={smallIcon(IconCheck)} aria-keyshortcuts="a" onClick={() => decide('keep')}>
        {text('item.keep')}
      </Button>
      <Button leftSection={smallIcon(IconCircleHalf2)} aria-keyshortcuts="n" onClick={() => decide('narrow')}>
        {text('item.narrow')}
      </Button>
      <Button
        color="red"
        leftSection={smallIcon(IconBan)}
        aria-keyshortcuts="x"
        onClick={() => decide('revoke')}
      >
        {text('item.revoke')}
      </Button>
    </div>
  )
}
