// The predicted result of a fault, next to the actual one.
import type { Ending } from '@crosswalk/lab'
import { html } from 'hono/html'

import { judgePrediction, type PredictionResult } from '../prediction.ts'
import type { ShownRun } from '../shown-run.ts'
import type { Markup } from './parts.ts'
import { STEP_WORDS } from './step-words.ts'

export interface Prediction {
  readonly result: PredictionResult
  readonly words: string
}

export function describeEnding(ending: Ending): string {
  return ending === 'taken' ? 'accepted' : `refused at ${STEP_WORDS[ending].title}`
}

/** @returns undefined without a prediction or a fault */
export function findPrediction({ trial }: ShownRun, expected: Ending | undefined): Prediction | undefined {
  if (expected === undefined || trial === undefined) return undefined
  const { ended } = trial
  const result = judgePrediction(expected, ended)
  return { result, words: `You expected: ${describeEnding(expected)}. ${describeEnd(result, ended)}` }
}

function describeEnd(result: PredictionResult, ended: Ending | undefined): string {
  if (result === 'right') return 'That is what happened.'
  return ended === undefined
    ? 'The fault was not sent, so the prediction is open.'
    : `It was ${describeEnding(ended)}.`
}

const SIGNS = { right: '✓', wrong: '✕', open: '?' } as const

export function renderPrediction({ result, words }: Prediction): Markup {
  return html`<p class="verdict">${SIGNS[result]} ${words}</p>`
}
