// Faults with their verdicts, for programs: as JSON, and as JUnit XML for build systems.
import { escapeXml } from '../xml.ts'
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
  const count = (verdict: Judgement['verdict']) =>
    judged.filter(({ judgement }) => judgement.verdict === verdict).length
  const totals = `tests="${judged.length}" failures="${count('taken')}" errors="0" skipped="${count('inconclusive')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="faults" ${totals}>`,
    `  <testsuite name="faults" ${totals}>`,
    ...judged.flatMap(renderCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function renderCase({ fault, judgement: { verdict, because } }: JudgedFault): readonly string[] {
  const head = `    <testcase classname="${escapeXml(fault.leg)}" name="${escapeXml(`${fault.id}: ${fault.changes}`)}"`
  if (verdict === 'refused-as-expected') return [`${head}/>`]
  const element = verdict === 'taken' ? 'failure' : 'skipped'
  return [`${head}>`, `      <${element} message="${escapeXml(because)}"/>`, '    </testcase>']
}
