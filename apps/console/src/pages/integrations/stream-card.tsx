// One stream: name, state, action and facts.
import type { ReactNode } from 'react'

import { type Action, ActionButton } from '../../components/actions.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { countText, text } from '../../texts/text.ts'

interface StreamCardProps {
  readonly id: string
  /** Default: its id */
  readonly name?: string
  readonly chip: ReactNode
  readonly actions: readonly Action[]
  readonly children: ReactNode
}

export function StreamCard({ id, name = id, chip, actions, children }: StreamCardProps) {
  return (
    <li className="cw-card">
      <div className="cw-row">
        <span className="cw-title-row">
          <h2>{name}</h2>
          {name === id ? null : <code className="cw-quiet-text">{id}</code>}
          {chip}
        </span>
        <div className="cw-actions">
          {actions.map((action) => (
            <ActionButton key={action.label} action={action} />
          ))}
        </div>
      </div>
      {children}
    </li>
  )
}

interface Delivery {
  readonly delivered: number
  readonly lastDeliveredAt: string | null
  readonly lastError: string | null
  readonly lastErrorAt: string | null
}

export function deliveredFact({ delivered, lastDeliveredAt }: Delivery) {
  if (delivered === 0) return text('word.none')
  return (
    <span>
      {countText('streams.deliveredOne', 'streams.deliveredMany', delivered)}{' '}
      <RelativeTime moment={lastDeliveredAt} />
    </span>
  )
}

export function lastErrorFact({ lastError, lastErrorAt }: Delivery): [string, ReactNode] | null {
  if (lastError === null) return null
  return [
    text('streams.lastError'),
    <span>
      {lastError}{' '}
      <span className="cw-quiet-text">
        {lastErrorAt === null ? null : <RelativeTime moment={lastErrorAt} />}
      </span>
    </span>,
  ]
}
