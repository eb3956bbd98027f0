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

/** A page that is there, asked by a method that it does not have (RFC 9110 section 15.5.6). */
export class UnknownMethodError extends ExpectedError {
  readonly methods: readonly string[]

  constructor(methods: readonly string[]) {
    super(405, 'method_not_allowed', `this page takes ${methods.join(', ')}`)
    this.methods = methods
  }
}

/** @throws UnknownMethodError where the method is none of these */
export function checkMethod({ method }: { readonly method: string }, methods: readonly string[]): void {
  if (!methods.includes(method)) throw new UnknownMethodError(methods)
}
