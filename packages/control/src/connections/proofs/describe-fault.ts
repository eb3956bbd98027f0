// What kept a request from being answered, in words: the innermost cause says most.

export function describeFault(fault: unknown): string {
  const messages: string[] = []
  let at: unknown = fault
  while (at instanceof Error && messages.length < 4) {
    messages.push(at.message === '' ? at.name : at.message)
    at = at.cause
  }
  return messages.length === 0 ? 'No answer.' : [...new Set(messages)].join(': ')
}
