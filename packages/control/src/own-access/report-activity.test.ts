// Reports of activity, at both edges: how many a user may send a day, and how long they count.
import type { LoggedEvent } from '@crosswalk/as-core'
import { DAY_MS } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { listActivityReports, reportActivity } from './report-activity.ts'

const NOW = Date.parse('2026-06-15T12:00:00.000Z')
const SOURCE = { headers: new Headers(), ip: undefined }
const granted = {
  request: { subject: { ref: 'usr_ann' }, requesting_app: { id: 'agent0' } },
  resolution: { resource_app: 'todo0' },
}

/** @param ages - how long ago each earlier report was sent */
function open(ages: readonly number[], by = 'usr_ann') {
  const recorded: string[] = []
  const reports = ages.map((age, index) => ({
    event: {
      ...{ time: new Date(NOW - age).toISOString(), actor: { id: by }, reason: 'not me' },
      ...{ target: { id: `dec_${index}` }, change: { app: 'agent0', resource_app: 'todo0' } },
    },
  }))
  const parts = {
    clock: { nowMs: () => NOW },
    storage: {
      events: {
        list: async ({ since, limit }: { readonly since: number; readonly limit: number }) => ({
          items: reports.filter(({ event }) => Date.parse(event.time) >= since).slice(0, limit),
        }),
        findByDecision: async () => [{ event: { type: 'idjag.issued', decision: granted } }],
      },
      ledger: { commit: async ({ event }: LoggedEvent) => void recorded.push(event.type) },
    },
  } as unknown as Parameters<typeof reportActivity>[0]
  const report = (decisionId: string, userId = 'usr_ann') =>
    reportActivity(parts, userId, { decisionId, text: 'not me' }, SOURCE)
  return { parts, report, recorded }
}

it.each([
  ['after 19 others', Array(19).fill(0), 'usr_ann', undefined],
  ['after 20 others', Array(20).fill(DAY_MS - 1), 'usr_ann', 'too-many-reports'],
  ['a day after 20 others', Array(20).fill(DAY_MS), 'usr_ann', undefined],
  ['after 20 of other users', Array(20).fill(0), 'usr_bob', undefined],
])('a report %s', async (_, ages: readonly number[], by, problem) => {
  const { report, recorded } = open(ages, by)
  expect(await report('dec_new')).toBe(problem)
  expect(recorded).toEqual(problem === undefined ? ['activity.reported'] : [])
})

it('is sent once for a decision, by the user it is about', async () => {
  const { report, recorded } = open([0])
  expect(await report('dec_0')).toBe('reported-already')
  expect(await report('dec_1', 'usr_bob')).toBe('unknown')
  expect(recorded).toEqual([])
})

it('counts for thirty days', async () => {
  const listed = await listActivityReports(open([0, 30 * DAY_MS, 30 * DAY_MS + 1]).parts)
  expect(listed.map(({ decisionId }) => decisionId)).toEqual(['dec_0', 'dec_1'])
})
