// Thrown by a store that cannot read or write: the database is unreachable, locked, full or read-only. The request
// itself is not at fault, so callers are told to retry (503) instead of getting an error (500).

/**
 * `unreachable`: no connection, or one that stopped responding. `busy`: locked or overloaded. `full`: no space left.
 * `read-only`: a standby, or a file without write permission. `altered`: a table, a column or a privilege is gone.
 * `broken`: a problem of the disk or the file itself.
 */
export type StorageTrouble = 'unreachable' | 'busy' | 'full' | 'read-only' | 'altered' | 'broken'

const MEANING: Readonly<Record<StorageTrouble, string>> = {
  unreachable: 'the database cannot be reached',
  busy: 'the database is locked or too busy to answer in time',
  full: 'the disk of the database is full',
  'read-only': 'the database does not accept writes',
  altered: 'the database lost a table, a column or a privilege',
  broken: 'the database reports damage or a failing disk',
}

/**
 * Thrown by storage ports instead of the database error, which is the `cause`.
 *
 * If the connection ended during a commit, the data may have been written anyway. Never report success.
 */
export class StorageFault extends Error {
  readonly trouble: StorageTrouble

  constructor(trouble: StorageTrouble, cause: unknown) {
    super(`${MEANING[trouble]}: ${describeCause(cause)}`, { cause })
    this.name = 'StorageFault'
    this.trouble = trouble
  }
}

/** A host with several addresses fails with one error for all of them, which has no message of its own. */
function describeCause(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '')
    return cause.errors.map(describeCause).join('; ')
  return cause instanceof Error ? cause.message : String(cause)
}

/** Describes the trouble for operators. */
export function describeTrouble(trouble: StorageTrouble): string {
  return MEANING[trouble]
}
