// Runs Stryker on one package, in a copy of the last commit whose workspaces resolve to the mutated sources.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { MutatedPackage } from './packages.ts'

/**
 * Literals are not mutated: they are sentences, which users read and tests need not repeat, or members of a union,
 * which the compiler checks.
 */
const EXCLUDED_MUTATIONS = ['StringLiteral']

const SETTINGS = 'mutation-settings.json'

export interface PackageRun {
  /** Globs of the files to mutate; empty: the whole package */
  readonly only: readonly string[]
  /** The folder for the JSON report; undefined: no report */
  readonly reports: string | undefined
}

/**
 * @returns whether tests detected the share of mutants that the package requires
 */
export async function mutatePackage(
  root: string,
  { name, tests, least }: MutatedPackage,
  { only, reports }: PackageRun,
): Promise<boolean> {
  const sources = only.length === 0 ? [`packages/${name}/src/**/*.ts`] : only
  writeFileSync(
    join(root, SETTINGS),
    JSON.stringify({
      inPlace: true,
      testRunner: 'resident',
      plugins: [join(root, 'tools/mutation/resident-plugin.ts')],
      mutate: [...sources, '!**/*.test.ts', '!**/testing/**'],
      mutator: { excludedMutations: EXCLUDED_MUTATIONS },
      // Static mutants would need a full reload each; tests of the resulting values cover such code.
      ignoreStatic: true,
      // The runner detects endless loops itself, by CPU time.
      timeoutMS: 3_600_000,
      reporters: ['clear-text', 'progress-append-only', ...(reports === undefined ? [] : ['json'])],
      clearTextReporter: { logTests: false, reportTests: false },
      ...(reports !== undefined && { jsonReporter: { fileName: join(reports, `${name}.json`) } }),
      thresholds: { high: 95, low: 85, break: least ?? null },
      allowConsoleColors: false,
    }),
  )
  const program = 'node_modules/@stryker-mutator/core/bin/stryker.js'
  return (await run(root, [program, 'run', SETTINGS], { MUTATION_TESTS: tests.join(',') })) === 0
}

function run(root: string, args: readonly string[], variables: Readonly<Record<string, string>>) {
  return new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...variables },
    })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}
