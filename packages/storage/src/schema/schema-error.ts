/** Why a database cannot be used, worded to follow "the database … cannot be opened:", and what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
  readonly fix: string

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options)
    this.fix = fix
  }
}
