// Shows the progress of work that takes longer than a second, on one line: count, rate and time left. Writes nothing
// unless standard error is a terminal.
import { count } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

const QUIET_MS = 1000
const REFRESH_MS = 200

export interface Progress {
  /** @param done - the count so far */
  update(done: number): void
  end(): void
}

export interface ProgressOptions {
  /** The unit: `event` */
  readonly noun: string
  /** The expected total, if known */
  readonly total?: number
}

type Screen = Pick<CommandTerminal, 'rewriteErr' | 'nowMs'>

export function startProgress({ rewriteErr, nowMs }: Screen, options: ProgressOptions): Progress {
  const startedMs = nowMs()
  let shownMs = 0
  return {
    update(done) {
      const now = nowMs()
      if (rewriteErr === undefined || now - startedMs < QUIET_MS || now - shownMs < REFRESH_MS) return
      shownMs = now
      rewriteErr(describeProgress(done, now - startedMs, options))
    },
    end: () => {
      if (shownMs > 0) rewriteErr?.('')
    },
  }
}

/** `1,200 of 4,800 events · 600/s · 6 s left` */
export function describeProgress(done: number, elapsedMs: number, { noun, total }: ProgressOptions): string {
  const perSecond = done / (elapsedMs / 1000)
  const all = total !== undefined && total >= done ? `${group(done)} of ${group(total)} ${noun}s` : undefined
  const left =
    all === undefined || done === 0 ? [] : [`${Math.ceil(((total ?? 0) - done) / perSecond)} s left`]
  return [
    all ?? count(done, noun).replace(/^\d+/, group(done)),
    `${group(Math.round(perSecond))}/s`,
    ...left,
  ].join(' · ')
}

const group = (number: number): string => number.toLocaleString('en')

/** Shows an activity and the seconds spent waiting for the server. */
export async function whileWaiting<T>(
  { rewriteErr, nowMs }: Screen,
  doing: string,
  work: Promise<T>,
): Promise<T> {
  if (rewriteErr === undefined) return work
  const startedMs = nowMs()
  const timer = setInterval(() => {
    rewriteErr(`${doing} … ${Math.round((nowMs() - startedMs) / 1000)} s`)
  }, QUIET_MS)
  try {
    return await work
  } finally {
    clearInterval(timer)
    if (nowMs() - startedMs >= QUIET_MS) rewriteErr('')
  }
}
