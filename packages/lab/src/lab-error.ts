// An error in the lab that the user can fix: what happened, and what to do. Any other error is a bug of ours.

/** `negative`: the other side responded with a refusal. */
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
