// Logs faults for operators: one entry with the reference that the caller received. Callers that hang up are not
// logged, and an unavailable database or key provider is logged once a second with the number of affected requests.
import { findStorageFault } from './fault-answer.ts'
import { findKeyProviderFault } from '../keys/key-provider-fault.ts'
import { keepOneEntry } from '../keep-one-entry.ts'
import { UserLookupFault } from './user-lookup-fault.ts'

const WINDOW_MS = 1_000

interface Window {
  /** Faults not logged yet */
  count: number
  last: string
}

/** @param write - receives an entry, which has several lines if there is a stack */
export function createFaultLog(write: (line: string) => void): (fault: unknown, reference: string) => void {
  const log = (entry: string) => write(keepOneEntry(entry))
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

/** The error that Node.js throws if the connection ends while reading a body. */
function isHangUp(fault: unknown): boolean {
  return (
    fault instanceof Error && 'code' in fault && fault.code === 'ECONNRESET' && fault.message === 'aborted'
  )
}

function render(fault: unknown): string {
  // The stack leads into the function of the service, which may have a defect.
  if (fault instanceof UserLookupFault) return `users cannot be looked up: ${render(fault.cause)}`
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)
}
