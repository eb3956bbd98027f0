/** Why a database cannot be used as it is, as the end of "the database … cannot be opened: …", and what helps. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
  readonly fix: string

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options)
    this.fix = fix
  }
}
