// What a store throws when it cannot keep or find anything: the database is away, locked, full or read-only. Such a
// fault says nothing about the request, so callers are asked to come back (503) rather than told of an error (500).

/**
 * `unreachable`: no connection, or one that fell silent. `busy`: locked, or too much at once. `full`: no room left.
 * `read-only`: a standby, or a file without write permission. `broken`: the disk or the file itself.
 */
export type StorageTrouble = 'unreachable' | 'busy' | 'full' | 'read-only' | 'broken'

const MEANING: Readonly<Record<StorageTrouble, string>> = {
  unreachable: 'the database cannot be reached',
  busy: 'the database is locked or too busy to answer in time',
  full: 'the disk of the database is full',
  'read-only': 'the database takes no writes',
  broken: 'the database reports damage or a failing disk',
}

/**
 * Thrown by storage ports instead of the error of the database, which is the `cause`.
 *
 * What was to be written may have been written all the same where the connection ended within a commit. No one may
 * be told that it was.
 */
export class StorageFault extends Error {
  readonly trouble: StorageTrouble

  constructor(trouble: StorageTrouble, cause: unknown) {
    super(`${MEANING[trouble]}: ${describeCause(cause)}`, { cause })
    this.name = 'StorageFault'
    this.trouble = trouble
  }
}

/** A host with several addresses fails with one error for all of them, which has no text of its own. */
function describeCause(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '')
    return cause.errors.map(describeCause).join('; ')
  return cause instanceof Error ? cause.message : String(cause)
}

/** The trouble in words for operators. */
export function describeTrouble(trouble: StorageTrouble): string {
  return MEANING[trouble]
}
