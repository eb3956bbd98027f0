// Faults as operators see them: one entry with the reference that the caller got. Callers who hang up are no fault, and
// a database that is away is told once a second, with how many requests met it.
import { findStorageFault } from './fault-answer.ts'
import type { StorageTrouble } from './storage-fault.ts'

const WINDOW_MS = 1_000

interface Window {
  /** Faults that were not told yet */
  count: number
  last: string
}

/** @param log - takes an entry, which has several lines when there is a stack */
export function createFaultLog(log: (line: string) => void): (fault: unknown, reference: string) => void {
  const windows = new Map<StorageTrouble, Window>()

  function closeWindow(trouble: StorageTrouble, { count, last }: Window): void {
    windows.delete(trouble)
    if (count === 0) return
    log(count === 1 ? last : `${last} (and ${count - 1} more within a second)`)
    openWindow(trouble)
  }

  function openWindow(trouble: StorageTrouble): void {
    const window: Window = { count: 0, last: '' }
    windows.set(trouble, window)
    setTimeout(() => closeWindow(trouble, window), WINDOW_MS).unref()
  }

  function logOncePerSecond(trouble: StorageTrouble, line: string): void {
    const window = windows.get(trouble)
    if (window === undefined) {
      log(line)
      openWindow(trouble)
    } else {
      window.count += 1
      window.last = line
    }
  }

  return (fault, reference) => {
    if (isHangUp(fault)) return
    const storage = findStorageFault(fault)
    if (storage === undefined) log(`fault ${reference}: ${render(fault)}`)
    else logOncePerSecond(storage.trouble, `fault ${reference}: ${storage.message}`)
  }
}

/** What reading a body throws when the connection ends within it. */
function isHangUp(fault: unknown): boolean {
  return (
    fault instanceof Error && 'code' in fault && fault.code === 'ECONNRESET' && fault.message === 'aborted'
  )
}

function render(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)
}
