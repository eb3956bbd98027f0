// What a user expects of a fault before it is sent, and whether that came true. It goes with the address of the answer alone, and
// is kept nowhere. Pure.
import { type Ending, ENDINGS } from '@crosswalk/lab'

/** @returns undefined for anything else, as without a prediction */
export function parsePrediction(text: string | null | undefined): Ending | undefined {
  return ENDINGS.find((ending) => ending === text)
}

export type PredictionResult = 'right' | 'wrong' | 'open'

/** @param ended - undefined where the fault was not sent, so that nothing came of it */
export function judgePrediction(expected: Ending, ended: Ending | undefined): PredictionResult {
  if (ended === undefined) return 'open'
  return expected === ended ? 'right' : 'wrong'
}
