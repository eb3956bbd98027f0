// Cases of the black-box suite that only advise, and that we answer otherwise: what we answer, and why.

export interface BlackBoxDifference {
  readonly id: string
  readonly got: string
  readonly why: string
}

export const BLACK_BOX_DIFFERENCES: readonly BlackBoxDifference[] = []
