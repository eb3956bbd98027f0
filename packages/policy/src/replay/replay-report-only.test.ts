// One pass over the decisions finds the same as a replay for each report-only policy.
import { type PolicyDefinition, zPolicy } from '@crosswalk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import { idTokenOf, makeFacts, makeSnapshot, USERS } from '../testing/exchange-world.ts'
import { propertyRuns } from '../testing/property-runs.ts'
import { createReplayCollector } from './collect-replay.ts'
import { replayDecision } from './replay-decision.ts'
import { createReportOnlyReplay } from './replay-report-only.ts'

const EXAMPLES = 2
const users = new Map(Object.values(USERS).map((user) => [user.id, user]))

const when = fc.constantFrom<object>(
  {},
  { app: 'agent0' },
  { app: 'other' },
  { scope: ['todos.write'] },
  { user: ['usr_alice'] },
  { network: ['192.0.2.0/24'] },
  { acr: 'mfa' },
  { dpop: false },
  { 'volume.perHour.over': 3 },
)
const effect = fc.constantFrom<object>(
  { effect: 'deny' },
  { effect: 'require', require: { acr: ['mfa'] } },
  { effect: 'require', require: { dpop: true } },
  { effect: 'require', require: { maxAuthAgeSeconds: 5 } },
  { effect: 'limit', limit: { scopes: ['todos.read'] } },
  { effect: 'limit', limit: { idJagTtlSeconds: 60 } },
  { effect: 'limit', limit: { perHour: 10 } },
)
const policies = fc
  .array(fc.tuple(when, effect, fc.constantFrom('enforced', 'report-only', 'report-only', 'off')), {
    maxLength: 8,
  })
  .map((parts) =>
    parts.map(([clauses, part, state], place): PolicyDefinition =>
      zPolicy.parse({ id: `p${place}`, when: clauses, ...part, state }),
    ),
  )

const requests = Object.values(USERS).flatMap((user) =>
  // No definition could change the last one.
  [{}, { ip: '192.0.2.7' }, { ask: { scope: 'a"b' } }].map((more) => ({
    ...{ user, subject: idTokenOf(user) },
    ...more,
  })),
)

describe('createReportOnlyReplay', () => {
  it('finds the same as a replay for each policy', () => {
    fc.assert(
      fc.property(policies, policies, (recordedUnder, current) => {
        const records = requests.map((request) =>
          evaluateExchange(makeFacts(request), makeSnapshot({ policies: recordedUnder })),
        )
        const onePass = createReportOnlyReplay({
          snapshot: makeSnapshot({ policies: current }),
          mostExamples: EXAMPLES,
        })
        for (const record of records) onePass.add(record, users)
        expect(Object.fromEntries(onePass.reports())).toEqual(replayEach(records, current))
      }),
      propertyRuns(60),
    )
  })

  it('reports nothing without report-only policies', () => {
    const replay = createReportOnlyReplay({ snapshot: makeSnapshot(), mostExamples: EXAMPLES })
    replay.add(evaluateExchange(makeFacts(), makeSnapshot()), users)
    expect(replay.reports().size).toBe(0)
  })
})

function replayEach(records: readonly ReturnType<typeof evaluateExchange>[], current: PolicyDefinition[]) {
  const reported = current.filter(({ state }) => state === 'report-only')
  return Object.fromEntries(
    reported.map(({ id }) => {
      const draft = current.map((policy) =>
        policy.id === id ? { ...policy, state: 'enforced' as const } : policy,
      )
      const collector = createReplayCollector(EXAMPLES)
      for (const record of records)
        collector.add(
          record,
          replayDecision(record, {
            current: { snapshot: makeSnapshot({ policies: current }), users },
            draft: { snapshot: makeSnapshot({ policies: draft }), users },
          }),
        )
      return [id, collector.report()]
    }),
  )
}
