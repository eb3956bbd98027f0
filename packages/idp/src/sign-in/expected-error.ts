// A request to a page that cannot be answered as asked. Not a fault: nothing is logged.

export class ExpectedError extends Error {
  override readonly name = 'ExpectedError'
  readonly status: number
  /** An OAuth error code, or one of the pages' own. */
  readonly error: string

  constructor(status: number, error: string, description: string) {
    super(description)
    this.status = status
    this.error = error
  }
}
