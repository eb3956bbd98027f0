// What a person expects of a fault before it is sent, and whether that came true. It goes with the address of the answer alone, and
// is kept nowhere. Pure.
import type { Leg, LegName } from '../flow/flow-run.ts'

/** Refused at a leg, or taken by all that saw it. */
export const ENDINGS = ['exchange', 'redemption', 'call', 'taken'] as const satisfies readonly (
  LegName | 'taken'
)[]
export type Ending = (typeof ENDINGS)[number]

/** @returns undefined for anything else: whoever says nothing expects nothing */
export function parsePrediction(text: string | null | undefined): Ending | undefined {
  return ENDINGS.find((ending) => ending === text)
}

/** @param legs - with the fault in one of them */
export function findEnding(legs: readonly Leg[]): Ending | undefined {
  const last = legs.at(-1)
  if (last === undefined) return undefined
  return last.outcome === 'refused' ? last.leg : 'taken'
}

export type PredictionResult = 'right' | 'wrong' | 'open'

/** @param ended - undefined where the fault was not sent, so that nothing came of it */
export function judgePrediction(expected: Ending, ended: Ending | undefined): PredictionResult {
  if (ended === undefined) return 'open'
  return expected === ended ? 'right' : 'wrong'
}
