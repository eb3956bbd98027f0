// Error messages for operators.

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** Node.js throws an AggregateError without a message if several addresses failed. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message || String(codeOf(error) ?? error.name) : String(error)
}
