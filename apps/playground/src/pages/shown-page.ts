// Any page of a run, by its path below the run.
import { type Ending, findStepName } from '@crosswalk/lab'

import type { ShownRun } from '../shown-run.ts'
import type { Frame } from './page.ts'
import { renderRun } from './run-page.ts'
import { renderStepPage } from './step-page.ts'
import { findTab } from './tabs.ts'

export interface Place {
  readonly step?: string | undefined
  readonly tab?: string | undefined
  readonly nowSeconds: number
  /** The predicted result of the fault */
  readonly expected?: Ending | undefined
}

/** @returns undefined if there is no such page */
export async function renderShown(frame: Frame, run: ShownRun, place: Place): Promise<string | undefined> {
  if (place.step === undefined) return renderRun(frame, run, place)
  const [step, tab] = [findStepName(place.step), findTab(place.tab ?? 'happened')]
  if (step === undefined || tab === undefined) return undefined
  return renderStepPage(frame, { run, step, tab, nowSeconds: place.nowSeconds })
}
