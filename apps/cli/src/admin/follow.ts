// Follows a list as it grows: asks again every second, and shows each item once.
import { setTimeout as sleep } from 'node:timers/promises'

import type { OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

const INTERVAL_MS = 1000
/** What was decided in another process may come to the log a little later than its time says. */
const OVERLAP_MS = 5000

export interface FollowOptions {
  readonly output: OutputFormat
  /** Seconds; without it there is no end */
  readonly for?: number
}

export interface Followed<T> {
  /** Newest first */
  read(since: string): Promise<readonly T[]>
  idOf(item: T): string
  timeOf(item: T): string
  render(item: T): string
}

export async function follow<T>(
  terminal: CommandTerminal,
  options: FollowOptions,
  { read, idOf, timeOf, render }: Followed<T>,
): Promise<void> {
  let since = terminal.nowMs()
  const endsAt = options.for === undefined ? Number.POSITIVE_INFINITY : since + options.for * 1000
  let seen = new Set<string>()
  for (;;) {
    const items = await read(new Date(since - OVERLAP_MS).toISOString())
    for (const item of [...items].reverse()) {
      if (seen.has(idOf(item))) continue
      terminal.writeOut(`${options.output === 'json' ? JSON.stringify(item) : render(item)}\n`)
      since = Math.max(since, Date.parse(timeOf(item)))
    }
    // What is not among them any more is older than the overlap, and cannot come again.
    seen = new Set(items.map(idOf))
    if (terminal.nowMs() + INTERVAL_MS > endsAt) return
    await sleep(INTERVAL_MS)
  }
}
