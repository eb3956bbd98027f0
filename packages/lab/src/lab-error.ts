// Why something in the lab could not go on for a reason that the reader can fix: what happened, and what to do.
// Anything else that is thrown is a fault of ours.

/** `negative`: the other side answered, and the answer is no. */
export type LabErrorKind = 'usage' | 'negative' | 'signIn' | 'network' | 'failure'

export class LabError extends Error {
  override readonly name = 'LabError'
  readonly kind: LabErrorKind
  readonly fix: string

  constructor(kind: LabErrorKind, message: string, fix: string) {
    super(message)
    this.kind = kind
    this.fix = fix
  }
}
