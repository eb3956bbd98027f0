// Classifies how a draft would change a decision.
import type { DecisionRecord } from '@crosswalk/protocol'

export const REPLAY_KINDS = [
  /** Allowed, or step-up required; would be denied */
  'newly_denied',
  /** Denied; would be allowed, possibly after a new sign-in */
  'newly_allowed',
  'step_up_added',
  'step_up_removed',
  'step_up_changed',
  /** Loses scopes, even if it gains others */
  'narrowed',
  'widened',
  'lifetime',
  /** Other terms of the same grant: client id, subject, actor */
  'terms',
  /** Denied either way, for another reason */
  'reason',
] as const
export type ReplayKind = (typeof REPLAY_KINDS)[number]

/** @returns undefined if nothing would change */
export function compareOutcomes(current: DecisionRecord, draft: DecisionRecord): ReplayKind | undefined {
  const [from, to] = [current.outcome, draft.outcome]
  if (from === 'allow' && to === 'allow') return compareGrants(current, draft)
  if (from === to) {
    if (from === 'step_up') return isSame(current.wire, draft.wire) ? undefined : 'step_up_changed'
    return current.code === draft.code ? undefined : 'reason'
  }
  if (to === 'allow') return from === 'step_up' ? 'step_up_removed' : 'newly_allowed'
  if (to === 'step_up') return from === 'allow' ? 'step_up_added' : 'newly_allowed'
  return from === 'allow' || from === 'step_up' ? 'newly_denied' : 'reason'
}

function compareGrants(
  { granted: before }: DecisionRecord,
  { granted: after }: DecisionRecord,
): ReplayKind | undefined {
  if (before === null || after === null) return undefined
  const isFewer = (one: readonly string[], other: readonly string[]) =>
    one.some((item) => !other.includes(item))
  if (isFewer(before.scope, after.scope) || isFewer(before.resource, after.resource)) return 'narrowed'
  if (isFewer(after.scope, before.scope) || isFewer(after.resource, before.resource)) return 'widened'
  // Access tokens end with `session_expiry`, even if the ID-JAG lives as long as before.
  if (before.lifetime_seconds !== after.lifetime_seconds || before.session_expiry !== after.session_expiry)
    return 'lifetime'
  return isSame(before, after) ? undefined : 'terms'
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
