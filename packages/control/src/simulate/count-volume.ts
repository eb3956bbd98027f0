// Counts the grants of apps for users in the past hour, for evaluations outside the token endpoint. Reads the log, so
// that rules that count have the same result as at the endpoint.
import type { ExchangeSnapshot, ReachWorld } from '@crosswalk/policy'
import { HOUR_MS } from '@crosswalk/protocol'

import type { EvaluationParts } from '../evaluator/parts.ts'

/** @returns the number of grants in the past hour, undefined if no policy counts them */
export async function countVolume(
  { storage }: Pick<EvaluationParts, 'storage'>,
  { rules }: ExchangeSnapshot,
  { app, user, nowMs }: { readonly app: string; readonly user: string; readonly nowMs: number },
): Promise<number | undefined> {
  if (!rules.countsGrants) return undefined
  return storage.grantLog.count({ app, user, since: nowMs - HOUR_MS, until: nowMs })
}

/** The same for many pairs. @param about - restricts the pairs that may be looked up */
export async function countVolumes(
  { storage }: Pick<EvaluationParts, 'storage'>,
  { rules }: ExchangeSnapshot,
  {
    nowMs,
    ...about
  }: { readonly app?: string | undefined; readonly user?: string | undefined; readonly nowMs: number },
): Promise<ReachWorld['volumeOf']> {
  if (!rules.countsGrants) return undefined
  const { app, user } = about
  const each = await storage.grantLog.countEach({ app, user, since: nowMs - HOUR_MS, until: nowMs })
  const counts = new Map(each.map((one) => [nameOf(one.app, one.user), one.count]))
  return (...pair) => counts.get(nameOf(...pair)) ?? 0
}

function nameOf(app: string, user: string): string {
  return JSON.stringify([app, user])
}
