/** Why a server could not start, in one sentence, and what to do about it. */
export class StartError extends Error {
  readonly fix: string

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartError'
    this.fix = fix
  }
}
