// Faults as operators see them: one entry with the reference that the caller got. Callers who hang up are no fault.

/** @param log - takes an entry, which has several lines when there is a stack */
export function createFaultLog(log: (line: string) => void): (fault: unknown, reference: string) => void {
  return (fault, reference) => {
    if (!isHangUp(fault)) log(`fault ${reference}: ${render(fault)}`)
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
