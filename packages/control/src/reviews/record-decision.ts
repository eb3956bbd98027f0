// A decision about one item, in the form in which it is stored with what it changes.
import type { ReviewItem } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectPut } from '@crosswalk/storage'

import type { Item } from '../definitions/records.ts'
import { type AdminContext, type Handlers, principalOf } from '../http/context.ts'
import type { WriteParts } from '../objects/target.ts'
import type { Parts } from '../parts.ts'
import type { RemovalParts } from './check-removal.ts'
import { buildDecision, type Decision } from './review-records.ts'
import { prepareVerification } from './verify-removals.ts'

export type DecideParts = WriteParts & RemovalParts

export type DecisionInput = Parameters<Handlers['reviews.decide']>[0]['body']

export interface FoundItem {
  /** Its id */
  readonly review: string
  readonly item: ReviewItem
}

export interface Deciding {
  readonly item: Item<ConnectionDefinition>
  readonly input: DecisionInput
  readonly found: FoundItem
}

type Effect = Omit<Decision, 'by' | 'at' | 'reason' | 'effectiveAt'>

/** @returns the item with the decision, and the steps that store it: in the transaction in which it takes effect */
export function recordDecision(
  parts: Parts<'clock'>,
  context: AdminContext,
  { review, item }: FoundItem,
  effect: Effect,
): { readonly decided: ReviewItem; readonly steps: readonly ObjectPut[] } {
  const { caller, reason = '' } = context
  const at = nowOf(parts)
  const decision = { ...effect, effectiveAt: at, by: principalOf(caller), at, reason }
  const decided = { ...item, decision }
  const pending = { review, connection: item.connection, decidedAt: Date.parse(at) }
  return {
    decided,
    steps: [
      buildDecision(context, Date.parse(at), { review, item: decided }),
      ...(effect.decision === 'keep' ? [] : [prepareVerification(context, pending)]),
    ],
  }
}

export function nowOf({ clock }: Parts<'clock'>): string {
  return new Date(clock.nowMs()).toISOString()
}
