// Black-box cases with a different response than expected: our response, and why.

export interface BlackBoxDifference {
  readonly id: string
  readonly got: string
  readonly why: string
}

export const BLACK_BOX_DIFFERENCES: readonly BlackBoxDifference[] = [
  {
    id: 'dpop-23',
    got: '200 with an access token, where two header lines are wanted',
    why:
      'The runner sends the one valid proof it makes for this case in one header line, which is a good request. Two ' +
      'header lines, each valid alone, are rejected with invalid_dpop_proof: `tests/src/protocol/key-binding.test.ts`, dpop-23.',
  },
]
