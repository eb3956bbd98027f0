// The packages whose every line Stryker changes, and which tests must notice.

export interface MutatedPackage {
  readonly name: string
  /** Globs of test files, with ! of those to leave out; tests that start servers or browsers would take days */
  readonly tests: readonly string[]
  /** Percent of mutants that must be noticed; undefined: reported only */
  readonly least?: number
}

const besideTheCode = (name: string) => `packages/${name}/**/*.test.ts`

/** Properties need thousands of cases to notice anything: too many for each of thousands of mutants. */
const PURE = [
  ...['protocol', 'policy'].map(besideTheCode),
  '!packages/policy/**/*-properties.test.ts',
  '!packages/policy/src/simulation/parity.test.ts',
]

export const MUTATED_PACKAGES: readonly MutatedPackage[] = [
  { name: 'policy', tests: PURE, least: 85 },
  {
    name: 'protocol',
    // Definitions and claim checks are exercised by the packages that read them.
    tests: [
      ...PURE,
      ...['client-authentication', 'client-documents', 'dpop', 'grants', 'guessing', 'jws'].map(
        (folder) => `packages/as-core/src/${folder}/*.test.ts`,
      ),
    ],
    least: 85,
  },
  { name: 'resource-as', tests: [besideTheCode('resource-as'), 'tests/src/protocol/redemption.test.ts'] },
  { name: 'client', tests: [besideTheCode('client')] },
  { name: 'resource', tests: [besideTheCode('resource')] },
  { name: 'mcp', tests: [besideTheCode('mcp')] },
]
