// `doctor --watch`: runs again when the configuration file is saved, and every half minute, and reports what changed.
import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Finding } from '@crosswalk/lab'

import type { CommandTerminal } from '../terminal.ts'
import { renderChanges } from './render-findings.ts'
import { compareFindings, type State } from './since-last.ts'

const LOOK_MS = 500
const AGAIN_MS = 30_000

export interface WatchOptions {
  readonly config?: string
  /** Seconds; undefined means no end. */
  readonly for?: number
}

/** @returns the findings of the last run */
export async function watchFindings(
  terminal: CommandTerminal,
  { config, for: seconds = Number.POSITIVE_INFINITY }: WatchOptions,
  examine: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const endsAt = terminal.nowMs() + seconds * 1000
  let last: State | undefined
  for (;;) {
    // Read first: a file saved during the run is examined again.
    const savedAt = readSaveTime(config)
    const findings = await examine()
    const { changes, state } = compareFindings(last, findings, terminal.nowMs())
    if (last === undefined || changes.added.length + changes.resolved.length > 0)
      terminal.writeOut(renderChanges(changes))
    last = state
    const againAt = Math.min(endsAt, terminal.nowMs() + AGAIN_MS)
    while (terminal.nowMs() < againAt && readSaveTime(config) === savedAt) await sleep(LOOK_MS)
    if (terminal.nowMs() >= endsAt) return findings
  }
}

/** @returns undefined while an editor replaces the file */
function readSaveTime(file: string | undefined): number | undefined {
  return file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
