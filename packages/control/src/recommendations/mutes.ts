// Stores mutes of recommendations: each change is durable together with its audit event. Ended mutes are kept, because
// they count towards how often a rule was wrong.
import { type Recommendation, zRecommendation, zRecommendationMute } from '@crosswalk/admin-api'
import { hasEnded } from '@crosswalk/policy'
import { z } from 'zod'

import { buildAct } from '../audit/change-event.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'

const COLLECTION = 'recommendation-mutes'

const zStoredMute = zRecommendationMute.extend({
  rule: zRecommendation.shape.rule,
  subject: zRecommendation.shape.subject,
  app: zRecommendation.shape.app,
  ended: z.boolean(),
})
export type StoredMute = z.output<typeof zStoredMute>

export async function listMutes({ storage }: Parts<'storage'>): Promise<ReadonlyMap<string, StoredMute>> {
  const stored = await storage.objects.list(COLLECTION)
  return new Map(stored.map(({ id, body }) => [id, zStoredMute.parse(body)]))
}

export function isInForce(mute: StoredMute | undefined, nowMs: number): mute is StoredMute {
  return mute !== undefined && !mute.ended && !hasEnded(mute.until, nowMs / 1000)
}

export function countFeedback(
  mutes: ReadonlyMap<string, StoredMute>,
): (rule: Recommendation['rule']) => Recommendation['feedback'] {
  const counts = new Map<string, { muted: number; falseAlarms: number }>()
  for (const { rule, falseAlarm } of mutes.values()) {
    const { muted, falseAlarms } = counts.get(rule) ?? { muted: 0, falseAlarms: 0 }
    counts.set(rule, { muted: muted + 1, falseAlarms: falseAlarms + Number(falseAlarm) })
  }
  return (rule) => counts.get(rule) ?? { muted: 0, falseAlarms: 0 }
}

export async function storeMute(
  { storage, clock }: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { id, mute }: { readonly id: string; readonly mute: StoredMute },
): Promise<void> {
  const { rule, subject, until, falseAlarm } = mute
  const act = buildAct(context, clock.nowMs(), {
    collection: COLLECTION,
    id,
    body: mute,
    event: {
      type: mute.ended ? 'recommendation.unmuted' : 'recommendation.muted',
      category: 'governance',
      target: { kind: 'recommendation', id },
      ...(subject.kind === 'connection' ? { delegation: { connection: subject.id } } : {}),
      change: { rule, subject, ...(mute.ended ? {} : { until, falseAlarm }) },
    },
  })
  await storage.objects.put(act)
}
