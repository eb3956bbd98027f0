// An event of the audit logs in one line.
import type { AnswerTo } from '@crosswalk/admin-api'

import { sanitize } from '../admin/table.ts'

/** Fields that only some events have. */
export type FullEvent = AnswerTo<'audit.list'>['items'][number] & {
  readonly code?: string
  readonly actor?: { readonly id: string }
  readonly target?: { readonly kind: string; readonly id: string }
  readonly reason?: string
  /** Of a failed sign-in: what was wrong with the provider's response, or which claims it lacks */
  readonly change?: unknown
}

/** What its line shows */
type ShownEvent = Pick<FullEvent, 'time' | 'chain' | 'seq' | 'type' | 'outcome'> & {
  readonly [K in 'code' | 'actor' | 'target' | 'reason' | 'change']?: FullEvent[K] | undefined
}

export function renderEvent(event: ShownEvent): string {
  const { time, chain, seq, type, outcome, code, actor, target } = event
  const about = target === undefined ? '' : `  ${target.kind} ${target.id}`
  const why = renderReason(event)
  return sanitize(
    `${time}  ${chain}#${seq}  ${type}  ${outcome}${code === undefined ? '' : ` ${code}`}  by ${actor?.id ?? 'unknown'}${about}${why === '' ? '' : `  ${why}`}`,
  )
}

function renderReason({ reason, change }: ShownEvent): string {
  const { detail, missing_claims: missing } = { ...(change as Record<string, unknown> | undefined) }
  const lacks = Array.isArray(missing) ? `missing ${missing.join(', ')}` : undefined
  return [reason, detail, lacks].filter((part) => typeof part === 'string').join(': ')
}
