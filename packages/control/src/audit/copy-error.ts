/** The file to verify cannot be read as what it should be, so nothing was verified. */
export class CopyError extends Error {
  override readonly name = 'CopyError'
}
