// Describes the state of a run and of its steps. Pure.
import { type RecordedRun, STEP_NAMES, type StepName } from '@crosswalk/lab'

import { findBlocker, waitsForSignIn } from '../run.ts'
import type { ShownRun } from '../shown-run.ts'
import { STEP_WORDS } from './step-words.ts'

export interface RunStatus {
  readonly sign: string
  readonly words: string
  readonly tone: 'good' | 'bad' | 'warn' | ''
}

export function describeStep({ steps, live }: ShownRun, step: StepName): RunStatus {
  const outcome = steps[step]?.outcome
  switch (outcome) {
    case 'done':
      return { sign: '✓', words: 'done', tone: 'good' }
    case 'narrowed':
      return { sign: '◐', words: 'narrowed', tone: 'warn' }
    case 'refused':
      return { sign: '✕', words: 'refused', tone: 'bad' }
    case undefined:
      if (live === undefined) return { sign: '–', words: 'not in this file', tone: '' }
      if (step === 'sign-in' && waitsForSignIn(live))
        return { sign: '→', words: 'waiting for you', tone: 'warn' }
      return findBlocker(live, step) === undefined
        ? { sign: '○', words: 'to do', tone: '' }
        : { sign: '–', words: 'not reached', tone: '' }
  }
}

const VERDICT_WORDS = {
  'refused-as-expected': 'refused, as expected',
  taken: 'accepted',
  inconclusive: 'inconclusive',
} as const

export function describeEnd(run: RecordedRun): string {
  if (run.report !== undefined) {
    const held = run.report.filter(({ judgement }) => judgement.verdict === 'refused-as-expected').length
    return `${held} of ${run.report.length} refused as expected`
  }
  if (run.trial !== undefined) return VERDICT_WORDS[run.trial.judgement.verdict]
  const refused = findRefused(run)
  if (refused !== undefined) return `ended at: ${STEP_WORDS[refused].title}`
  return run.isOver ? 'completed' : 'in progress'
}

export function nameRun({ number, trial, report, username }: RecordedRun): string {
  const about = trial?.fault.changes ?? (report === undefined ? (username ?? 'the flow') : 'every fault')
  return `Run ${number}: ${about}`
}

export function findRefused({ steps }: RecordedRun): StepName | undefined {
  return STEP_NAMES.find((step) => steps[step]?.outcome === 'refused')
}

/** The last action, for users of screen readers. */
export function describeStatus(run: ShownRun, step: StepName): string {
  const { words } = describeStep(run, step)
  const number = STEP_NAMES.indexOf(step)
  return run.steps[step] === undefined ? `Step ${number}: ${words}` : `Step ${number} finished, ${words}`
}
