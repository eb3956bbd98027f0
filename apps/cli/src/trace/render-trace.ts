// Renders a trace for the terminal. Pure.
import {
  fromTrace,
  renderTime,
  type RecordedRun,
  type ShownTrial,
  STEP_NAMES,
  type StepName,
  type StepRecord,
  type Trace,
} from '@crosswalk/lab'
import { describeEnd, describeStep, findRefused, nameRun, STEP_WORDS } from '@crosswalk/playground'

import { sanitize } from '../admin/table.ts'
import { labelled, wrapLabelled } from '../decision/render-decision.ts'
import { renderCheck } from '../flow/render-flow.ts'
import type { Screen } from '../wrap-text.ts'

/** `open` if the run is not finished, or inconclusive. */
export function judgeRun(story: RecordedRun): 'good' | 'bad' | 'open' {
  const verdicts = (story.report ?? (story.trial === undefined ? [] : [story.trial])).map(
    ({ judgement }) => judgement.verdict,
  )
  if (verdicts.includes('taken')) return 'bad'
  if (verdicts.length > 0) return verdicts.includes('inconclusive') ? 'open' : 'good'
  if (findRefused(story) !== undefined) return 'bad'
  return story.isOver ? 'good' : 'open'
}

type Wrap = (text: string) => readonly string[]

const SIGNS = { good: '✓', bad: '✕', open: '?' } as const

export function renderTrace(trace: Trace, nowSeconds: number, screen: Screen): string {
  const story = fromTrace(trace)
  const wrap = wrapLabelled(screen)
  const lines = [
    `${SIGNS[judgeRun(story)]} ${nameRun(story)} ${story.trial === undefined && story.report === undefined ? describeEnd(story) : `(${describeEnd(story)})`}`,
    ...labelled('run', [renderTime(story.atMs / 1000, nowSeconds) ?? '']),
    ...labelled(
      'parties',
      story.parties.map(([name, value]) => `${name}: ${value}`),
    ),
    ...STEP_NAMES.flatMap((step) => {
      const record = story.steps[step]
      return record === undefined ? [] : renderStep(story, step, { record, wrap })
    }),
    ...(story.trial === undefined ? [] : renderTrial(story.trial, wrap)),
    ...(story.report ?? []).flatMap((trial) => renderTrial(trial, wrap)),
    'next: use “Open a trace” in `npx crosswalk playground` to see every request and token',
  ]
  return `${lines.map(sanitize).join('\n')}\n`
}

function renderStep(
  story: RecordedRun,
  step: StepName,
  { record, wrap }: { readonly record: StepRecord; readonly wrap: Wrap },
): readonly string[] {
  const { ms, told, sent, checks = [], refusal, decisionId } = record
  const { sign, words } = describeStep({ ...story, path: '', live: undefined }, step)
  const found = checks.filter(({ result }) => result === 'fail' || result === 'warn')
  const passed = checks.filter(({ result }) => result === 'pass').length
  return [
    `${sign} ${STEP_NAMES.indexOf(step)} ${STEP_WORDS[step].title}  ${words}  ${ms} ms  ${decisionId ?? ''}`.trimEnd(),
    ...labelled('told', told.flatMap(wrap)),
    ...labelled(
      'sent',
      sent.map(
        ({ request, response, problem, ms: took }) =>
          `${request.method} ${request.url.replace(/\?.*$/s, '?…')}  ${response.status ?? `no response (${problem ?? 'unknown'})`}  ${took} ms`,
      ),
    ),
    ...labelled('checks', [
      ...(checks.length === 0 ? [] : [`${passed} of ${checks.length} passed`]),
      ...found.flatMap(renderCheck),
    ]),
    ...labelled(
      'cause',
      refusal === undefined
        ? []
        : [
            `${refusal.code} (${refusal.confidence})`,
            ...(refusal.hint === undefined ? [] : wrap(refusal.hint)),
          ],
    ),
  ]
}

const VERDICTS = {
  'refused-as-expected': { sign: '✓', words: 'refused, as expected' },
  taken: { sign: '✕', words: 'accepted' },
  inconclusive: { sign: '?', words: 'inconclusive' },
} as const

function renderTrial({ fault, judgement: { verdict, because } }: ShownTrial, wrap: Wrap): readonly string[] {
  const { sign, words } = VERDICTS[verdict]
  return [
    `${sign} ${fault.id}  ${words}`,
    ...labelled('changed', wrap(`${fault.changes}, at: ${STEP_WORDS[fault.leg].title}`)),
    ...labelled('seen', wrap(because)),
  ]
}
