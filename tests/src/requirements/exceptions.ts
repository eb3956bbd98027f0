// Requirements that no test shows, each with the reason. The gate fails where one of them is tested after all.

export interface Exception {
  readonly id: string
  /** `missing`: to be built; `out-of-scope`: left out by decision; `other-party`: nothing that our code could do */
  readonly state: 'missing' | 'out-of-scope' | 'other-party'
  readonly reason: string
}

export const EXCEPTIONS: readonly Exception[] = []
