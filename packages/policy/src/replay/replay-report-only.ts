// What each report-only policy would have changed, in one pass: a decision is evaluated once under the current
// definitions, and again only for the policies that apply to it. The result equals a replay for each policy with that
// policy enforced.
import type { DecisionRecord } from '@crosswalk/protocol'

import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import { enforceRule } from '../rules/enforce-rule.ts'
import type { ExchangeUser } from '../namesakes.ts'
import { createReplayCollector, type ReplayReport } from './collect-replay.ts'
import {
  compareSides,
  evaluateSide,
  readReplayable,
  type Replayed,
  type ReplayWorld,
} from './replay-decision.ts'

export interface ReportOnlyReplay {
  /** @param users - by ID, at least the user of the decision */
  add(record: DecisionRecord, users: ReadonlyMap<string, ExchangeUser>): void
  /** @returns the effect of each report-only policy, by ID */
  reports(): ReadonlyMap<string, ReplayReport>
}

interface ReportOnlyWorld extends Pick<ReplayWorld, 'describeApp'> {
  readonly snapshot: ExchangeSnapshot
  /** Of each policy and kind */
  readonly mostExamples: number
}

export function createReportOnlyReplay({
  snapshot,
  describeApp,
  mostExamples,
}: ReportOnlyWorld): ReportOnlyReplay {
  const policies = snapshot.rules.rules
    .filter(({ isEnforced }) => !isEnforced)
    .map(({ id }) => ({
      id,
      draft: { ...snapshot, rules: enforceRule(snapshot.rules, id) },
      collector: createReplayCollector(mostExamples),
    }))
  return {
    add(record, users) {
      const current = { snapshot, users }
      const request = readReplayable(record, [current], describeApp)
      if ('state' in request) {
        for (const { collector } of policies) collector.add(record, request)
        return
      }
      const before = evaluateSide(request, current)
      const unaffected = compareSides(request, before, before)
      const applied = listApplied(before.decisions)
      for (const { id, draft, collector } of policies) {
        const replayed: Replayed = applied.has(id)
          ? compareSides(request, before, evaluateSide(request, { snapshot: draft, users }))
          : unaffected
        collector.add(record, replayed)
      }
    },
    reports: () => new Map(policies.map(({ id, collector }) => [id, collector.report()])),
  }
}

/** The policies that apply, or may apply if a fact is unknown. */
function listApplied(decisions: readonly DecisionRecord[]): ReadonlySet<string> {
  return new Set(
    decisions.flatMap(({ policies }) => policies.flatMap(({ id, applies }) => (applies ? id : []))),
  )
}
