// Stores mutes of recommendations: each change is durable together with its audit event. Ended mutes are kept, because
// they count towards how often a rule was wrong.
import type { Recommendation } from '@crosswalk/admin-api'
import { hasEnded } from '@crosswalk/policy'

import { buildAct } from '../audit/change-event.ts'
import { readStored } from '../definitions/read-stored.ts'
import { readCollection } from '../definitions/stored-items.ts'
import type { StoredOf } from '../definitions/stored-collections.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'

const COLLECTION = 'recommendation-mutes'

export type StoredMute = StoredOf<typeof COLLECTION>

export async function listMutes({ storage }: Parts<'storage'>): Promise<ReadonlyMap<string, StoredMute>> {
  // Without its mute, a recommendation is shown.
  return (await readCollection(storage.objects, COLLECTION)).found
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

interface NamedMute {
  readonly id: string
  readonly mute: StoredMute
  /** The revision that it is based on, if any */
  readonly ifRevision?: number
}

/** @returns whether it was stored */
export async function storeMute(
  { storage, clock }: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { id, mute, ifRevision }: NamedMute,
): Promise<boolean> {
  const { rule, subject, until, falseAlarm } = mute
  const act = buildAct(context, clock.nowMs(), {
    collection: COLLECTION,
    id,
    body: mute,
    ...(ifRevision === undefined ? {} : { ifRevision }),
    event: {
      type: mute.ended ? 'recommendation.unmuted' : 'recommendation.muted',
      category: 'governance',
      target: { kind: 'recommendation', id },
      ...(subject.kind === 'connection' ? { delegation: { connection: subject.id } } : {}),
      change: { rule, subject, ...(mute.ended ? {} : { until, falseAlarm }) },
    },
  })
  return (await storage.objects.put(act)).ok
}

/** @returns false if the recommendation is not muted */
export async function endMute(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  id: string,
): Promise<boolean> {
  const stored = await parts.storage.objects.find(COLLECTION, id)
  if (stored === undefined) return false
  const before = readStored(COLLECTION, stored)
  if (!isInForce(before, parts.clock.nowMs())) return false
  const ended = { id, mute: { ...before, ended: true }, ifRevision: stored.revision }
  // Another administrator muted it again meanwhile: what ends is the new mute.
  return (await storeMute(parts, context, ended)) || endMute(parts, context, id)
}
