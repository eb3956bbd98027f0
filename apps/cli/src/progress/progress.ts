// Progress of what takes longer than a second, on one line of a terminal: how far, how fast, how long still. Nothing is
// written where standard error is not a terminal.
import { count } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

const QUIET_MS = 1000
const REFRESH_MS = 200

export interface Progress {
  /** @param done - how many there are so far */
  update(done: number): void
  end(): void
}

export interface ProgressOptions {
  /** What is counted: `event` */
  readonly noun: string
  /** How many there will be, where that is known */
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

/** Shows how long an answer of the server is taking, and a word for what it does. */
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
