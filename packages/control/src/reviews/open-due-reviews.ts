// Opens the reviews that are due by their schedules. What the last opening of each schedule was for is stored with it, so
// that each opens once, whatever number of processes looks.
import { newId } from '@crosswalk/as-core'
import { findOpeningTime } from '@crosswalk/policy'
import { DAY_MS, dropUndefined, type EpochMs, type ReviewSchedule } from '@crosswalk/protocol'

import { buildAct } from '../audit/change-event.ts'
import { actOnEach, readStored } from '../definitions/read-stored.ts'
import { definitionsOf } from '../definitions/records.ts'
import type { StoredOf } from '../definitions/stored-collections.ts'
import { authorOf, systemContext } from '../http/context.ts'
import { isProblem } from '../http/problem.ts'
import type { Parts } from '../parts.ts'
import { findCovered, prepareOpening } from './open-review.ts'
import { findReview } from './review-records.ts'

/** The last opening of each schedule */
const OPENINGS = 'review-openings'
type Opening = Readonly<StoredOf<typeof OPENINGS>>

type DueParts = Parts<'directory' | 'storage' | 'clock'>

export async function openDueReviews(parts: DueParts): Promise<void> {
  const schedules = definitionsOf(parts.directory.current().world['review-schedules'])
  await actOnEach(schedules, async (schedule) => {
    const due = await findDue(parts, schedule)
    if (due !== undefined) await open(parts, schedule, due)
  })
}

interface Due {
  readonly plannedAt: EpochMs
  /** Revision of the last opening; 0 without any */
  readonly revision: number
}

async function findDue(parts: DueParts, schedule: ReviewSchedule): Promise<Due | undefined> {
  const plannedAt = findOpeningTime(schedule, parts.clock.nowMs())
  if (plannedAt === undefined) return undefined
  const stored = await parts.storage.objects.find(OPENINGS, schedule.id)
  const last: Opening | undefined = stored && readStored(OPENINGS, stored)
  if (last !== undefined && last.plannedAt >= plannedAt) return undefined
  // Two open reviews of the same connections would ask the same questions.
  const review = last?.review === undefined ? undefined : await findReview(parts, last.review)
  if (review !== undefined && !isProblem(review) && review.state !== 'closed') return undefined
  return { plannedAt, revision: stored?.revision ?? 0 }
}

/** Does not hold up other changes while it gathers evidence. If another process opens it meanwhile, nothing is stored. */
async function open(parts: DueParts, schedule: ReviewSchedule, { plannedAt, revision }: Due): Promise<void> {
  const { id, name, periodDays, unusedForDays, daysToDecide, whenDue, description } = schedule
  const reason = description ?? 'It was time by its schedule.'
  const context = systemContext(reason)
  const nowMs = parts.clock.nowMs()
  const opening = { collection: OPENINGS, id, ifRevision: revision }
  const covered = await findCovered(parts, schedule)
  if (covered.length === 0) {
    const event = {
      type: 'review_schedule.skipped',
      category: 'governance',
      target: { kind: 'review_schedule', id },
    } as const
    await parts.storage.objects.changeAll([
      buildAct(context, nowMs, { ...opening, body: { plannedAt }, event }),
    ])
    return
  }
  const dueAt = new Date(nowMs + daysToDecide * DAY_MS).toISOString()
  const about = {
    ...{ id: newId('rev'), name, periodDays, dueAt, whenDue, schedule: id, reason },
    ...dropUndefined({ unusedForDays }),
  }
  const { steps } = await prepareOpening(parts, context, about, covered)
  const body = { plannedAt, review: about.id }
  await parts.storage.objects.changeAll([...steps, { ...opening, body, at: nowMs, ...authorOf(context) }])
}
