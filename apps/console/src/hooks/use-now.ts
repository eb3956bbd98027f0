// The current time, updated while a page is open: one clock for all relative times.
import { useSyncExternalStore } from 'react'

const TICK_MS = 5000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

/** @returns a function that unsubscribes */
export function followClock(listener: () => void): () => void {
  listeners.add(listener)
  // The clock was paused, and recent events would appear to be in the future.
  if (timer === undefined) now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const one of listeners) one()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

export function readClock(): number {
  return now
}

/** @returns epoch milliseconds, at most five seconds old */
export function useNow(): number {
  return useSyncExternalStore(followClock, readClock)
}
