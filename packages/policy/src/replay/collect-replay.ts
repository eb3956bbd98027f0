// What a draft would have changed across many recorded decisions: counts, users, apps, and examples of each kind.
import type { DecisionRecord } from '@crosswalk/protocol'

import { REPLAY_KINDS, type ReplayKind } from './compare-outcomes.ts'
import type { Replayed } from './replay-decision.ts'

export interface ReplayExample {
  readonly decisionId: string
  readonly time: string
  readonly app: string
  readonly user: string
  readonly target: string
  readonly from: string
  readonly to: string
  readonly summary: string
}

export interface ReplayGroup {
  readonly kind: ReplayKind
  readonly decisions: number
  /** Distinct users and distinct apps */
  readonly people: number
  readonly apps: number
  /** The first ones added */
  readonly examples: ReplayExample[]
}

export interface ReplayReport {
  readonly decisions: number
  readonly unchanged: number
  readonly groups: ReplayGroup[]
  /** Decisions that the current definitions already decide differently from the record */
  readonly changedSince: number
  readonly indeterminate: { readonly decisions: number; readonly missing: Record<string, number> }
  readonly skipped: { readonly decisions: number; readonly why: Record<string, number> }
}

export interface ReplayCollector {
  add(record: DecisionRecord, replayed: Replayed): void
  report(): ReplayReport
}

interface Group {
  decisions: number
  readonly people: Set<string>
  readonly apps: Set<string>
  readonly examples: ReplayExample[]
}

/** @param mostExamples - of each kind */
export function createReplayCollector(mostExamples: number): ReplayCollector {
  const groups = new Map<ReplayKind, Group>()
  const [missing, why] = [new Map<string, number>(), new Map<string, number>()]
  const counts = { decisions: 0, unchanged: 0, changedSince: 0, indeterminate: 0, skipped: 0 }
  return {
    add(record, replayed) {
      counts.decisions += 1
      if (replayed.state === 'skipped') {
        counts.skipped += 1
        count(why, replayed.why)
      } else if (replayed.state === 'indeterminate') {
        counts.indeterminate += 1
        for (const fact of replayed.missing) count(missing, fact)
      } else {
        if (replayed.changedSince) counts.changedSince += 1
        if (replayed.kind === undefined) counts.unchanged += 1
        else addToGroup(findGroup(groups, replayed.kind), describe(record, replayed), mostExamples)
      }
    },
    report: () => ({
      decisions: counts.decisions,
      unchanged: counts.unchanged,
      groups: REPLAY_KINDS.flatMap((kind) => {
        const group = groups.get(kind)
        if (group === undefined) return []
        const { people, apps, ...rest } = group
        return [{ kind, ...rest, people: people.size, apps: apps.size }]
      }),
      changedSince: counts.changedSince,
      indeterminate: { decisions: counts.indeterminate, missing: Object.fromEntries(missing) },
      skipped: { decisions: counts.skipped, why: Object.fromEntries(why) },
    }),
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function findGroup(groups: Map<ReplayKind, Group>, kind: ReplayKind): Group {
  const group = groups.get(kind) ?? { decisions: 0, people: new Set(), apps: new Set(), examples: [] }
  groups.set(kind, group)
  return group
}

function addToGroup(group: Group, example: ReplayExample, mostExamples: number): void {
  group.decisions += 1
  group.people.add(example.user)
  group.apps.add(example.app)
  if (group.examples.length < mostExamples) group.examples.push(example)
}

function describe(
  { decision_id: decisionId, time, request }: DecisionRecord,
  { current, draft }: Extract<Replayed, { state: 'compared' }>,
): ReplayExample {
  return {
    decisionId,
    time,
    app: request.requesting_app?.id ?? '',
    user: request.subject?.display ?? request.subject?.ref ?? '',
    target: draft.resolution.resource_app ?? current.resolution.resource_app ?? request.audience ?? '',
    from: renderOutcome(current),
    to: renderOutcome(draft),
    summary: draft.summary.admin,
  }
}

function renderOutcome({ outcome, code, granted }: DecisionRecord): string {
  return granted === null ? `${outcome} ${code}` : `${outcome} ${granted.scope.join(' ')}`.trimEnd()
}
