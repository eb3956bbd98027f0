// A page request that cannot be served as sent. Not a fault, so it is not logged.

export class ExpectedError extends Error {
  override readonly name = 'ExpectedError'
  readonly status: number
  /** An OAuth error code, or a code of the pages. */
  readonly error: string

  constructor(status: number, error: string, description: string) {
    super(description)
    this.status = status
    this.error = error
  }
}

/** An existing page requested with a method it does not support (RFC 9110 section 15.5.6). */
export class UnknownMethodError extends ExpectedError {
  readonly methods: readonly string[]

  constructor(methods: readonly string[]) {
    super(405, 'method_not_allowed', `this page accepts ${methods.join(', ')}`)
    this.methods = methods
  }
}

/** @throws UnknownMethodError for any other method */
export function checkMethod({ method }: { readonly method: string }, methods: readonly string[]): void {
  if (!methods.includes(method)) throw new UnknownMethodError(methods)
}
