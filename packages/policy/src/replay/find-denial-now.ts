// Whether an ID-JAG would still be issued: the recorded decision that issued it, evaluated again under the definitions in
// force. One rule for all that takes access away: connections, apps, assignments, groups, users, policies, blocks.
import type { AppDefinition, DecisionRecord, Granted } from '@crosswalk/protocol'

import { evaluateExchange } from '../evaluate-exchange.ts'
import { parseMoment } from '../moment.ts'
import { assumeExchange } from '../simulation/assume-exchange.ts'
import { recoverRequest } from './read-recorded.ts'
import type { Side } from './replay-decision.ts'

export interface DenialQuestion extends Side {
  /** The app as it describes itself, if it is not registered */
  readonly describedApp: AppDefinition | undefined
  readonly nowMs: number
}

/** `narrowed` instead of a code: it would be issued, but with less than it has. */
export type DenialNow = DecisionRecord['code'] | 'narrowed'

/** @returns why the ID-JAG would not be issued now as it was then; undefined if it would */
export function findDenialNow(
  record: DecisionRecord,
  { snapshot, people, describedApp, nowMs }: DenialQuestion,
): DenialNow | undefined {
  const request = recoverRequest(record, describedApp)
  if (request === 'incomplete' || record.granted === null) return 'incomplete'
  const { assumed } = request
  const again = evaluateExchange(
    assumeExchange({ ...assumed, user: people.get(assumed.userId) }, snapshot),
    snapshot,
  )
  if (again.outcome !== 'allow' || again.granted === null) return again.code
  const issuedAt = Math.floor(parseMoment(record.time) ?? 0)
  const hasEnded = issuedAt + again.granted.lifetime_seconds <= nowMs / 1000
  return hasEnded || !covers(again.granted, record.granted) ? 'narrowed' : undefined
}

function covers(now: Granted, then: Granted): boolean {
  return (
    now.client_id === then.client_id &&
    now.audience === then.audience &&
    now.subject.strategy === then.subject.strategy &&
    now.subject.value === then.subject.value &&
    then.scope.every((one) => now.scope.includes(one)) &&
    coversResources(now.resource, then.resource) &&
    (now.session_expiry ?? Infinity) >= (then.session_expiry ?? Infinity)
  )
}

/** Without any, an ID-JAG is for every resource of its audience. */
function coversResources(now: readonly string[], then: readonly string[]): boolean {
  return now.length === 0 || (then.length > 0 && then.every((one) => now.includes(one)))
}
