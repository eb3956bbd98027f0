// A user's prediction for a fault, and whether it was right. It is passed only in the URL of the result, and never
// stored. Pure.
import { type Ending, ENDINGS } from '@crosswalk/lab'

/** @returns undefined for anything else, like no prediction */
export function parsePrediction(text: string | null | undefined): Ending | undefined {
  return ENDINGS.find((ending) => ending === text)
}

export type PredictionResult = 'right' | 'wrong' | 'open'

/** @param ended - undefined if the fault was not sent */
export function judgePrediction(expected: Ending, ended: Ending | undefined): PredictionResult {
  if (ended === undefined) return 'open'
  return expected === ended ? 'right' : 'wrong'
}
