// Faults with their verdicts, for programs: as JSON, and as JUnit XML for build systems.
import { type JunitCase, renderJunit } from '../junit.ts'
import type { Fault } from './fault.ts'
import type { Leg } from './flow-run.ts'
import type { Judgement } from './verdict.ts'

export interface JudgedFault {
  readonly fault: Fault
  readonly judgement: Judgement
  readonly legs: readonly Leg[]
}

export function toFaultDocument(judged: readonly JudgedFault[]) {
  return {
    schema: 'crosswalk.faults/v1',
    faults: judged.map(({ fault: { id, leg, changes, errors, codes }, judgement, legs }) => ({
      fault: id,
      leg,
      changes,
      expected: { errors, codes },
      ...judgement,
      legs: legs.map(toLegDocument),
    })),
  }
}

export function toLegDocument({ token, ...leg }: Leg) {
  return { ...leg, token: token === undefined ? null : { ...token, claims: token.claims ?? null } }
}

/** Inconclusive faults are skipped there, never passed. */
export function renderFaultJunit(judged: readonly JudgedFault[]): string {
  return renderJunit('faults', [{ name: 'faults', cases: judged.map(toCase) }])
}

function toCase({ fault, judgement: { verdict, because } }: JudgedFault): JunitCase {
  const tried = { group: fault.leg, name: `${fault.id}: ${fault.changes}` }
  if (verdict === 'refused-as-expected') return tried
  return { ...tried, problem: { kind: verdict === 'taken' ? 'failure' : 'skipped', message: because } }
}
