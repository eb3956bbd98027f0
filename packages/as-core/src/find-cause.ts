/** @returns the fault of this kind in an error or behind it */
export function findCause<T extends Error>(
  fault: unknown,
  kind: abstract new (...parameters: never) => T,
): T | undefined {
  if (fault instanceof kind) return fault
  return fault instanceof Error && fault.cause !== undefined ? findCause(fault.cause, kind) : undefined
}
