// The packages that Stryker mutates completely.

export interface MutatedPackage {
  readonly name: string
  /** Globs of test files, with ! for exclusions; tests that start servers or browsers would take days */
  readonly tests: readonly string[]
  /** Percentage of mutants that tests must detect; undefined: only reported */
  readonly least?: number
}

const besideTheCode = (name: string) => `packages/${name}/**/*.test.ts`

/** Properties need thousands of cases to detect anything: too many for each of thousands of mutants. */
const PURE = [
  ...['protocol', 'policy'].map(besideTheCode),
  '!packages/policy/**/*-properties.test.ts',
  '!packages/policy/src/simulation/parity.test.ts',
]

export const MUTATED_PACKAGES: readonly MutatedPackage[] = [
  { name: 'policy', tests: PURE, least: 85 },
  {
    name: 'protocol',
    // Other packages use definitions and claim checks, so their tests count too.
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
