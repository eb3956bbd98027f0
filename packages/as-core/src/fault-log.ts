// Faults as operators see them: one entry with the reference that the caller got. Callers who hang up are no fault, and
// a database or key provider that is away is told once a second, with how many requests met it.
import { findStorageFault } from './fault-answer.ts'
import { findKeyProviderFault } from './keys/key-provider-fault.ts'

const WINDOW_MS = 1_000

interface Window {
  /** Faults that were not told yet */
  count: number
  last: string
}

/** @param log - takes an entry, which has several lines when there is a stack */
export function createFaultLog(log: (line: string) => void): (fault: unknown, reference: string) => void {
  const windows = new Map<string, Window>()

  function closeWindow(trouble: string, { count, last }: Window): void {
    windows.delete(trouble)
    if (count === 0) return
    log(count === 1 ? last : `${last} (and ${count - 1} more within a second)`)
    openWindow(trouble)
  }

  function openWindow(trouble: string): void {
    const window: Window = { count: 0, last: '' }
    windows.set(trouble, window)
    setTimeout(() => closeWindow(trouble, window), WINDOW_MS).unref()
  }

  function logOncePerSecond(trouble: string, line: string): void {
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
    const keys = findKeyProviderFault(fault)
    if (storage !== undefined) logOncePerSecond(storage.trouble, `fault ${reference}: ${storage.message}`)
    else if (keys !== undefined) logOncePerSecond(keys.provider, `fault ${reference}: ${keys.message}`)
    else log(`fault ${reference}: ${render(fault)}`)
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
