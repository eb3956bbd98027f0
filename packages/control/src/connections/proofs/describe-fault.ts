// Describes why a request failed; the innermost cause is the most specific.

export function describeFault(fault: unknown): string {
  const messages: string[] = []
  let at: unknown = fault
  while (at instanceof Error && messages.length < 4) {
    messages.push(at.message === '' ? at.name : at.message)
    at = at.cause
  }
  return messages.length === 0 ? 'No response.' : [...new Set(messages)].join(': ')
}
