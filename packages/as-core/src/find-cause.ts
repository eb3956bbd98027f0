/** @returns the fault of this class: the error itself or one of its causes */
export function findCause<T extends Error>(
  fault: unknown,
  kind: abstract new (...parameters: never) => T,
): T | undefined {
  if (fault instanceof kind) return fault
  return fault instanceof Error && fault.cause !== undefined ? findCause(fault.cause, kind) : undefined
}
