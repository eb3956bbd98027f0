// Runs test files in a checkout, and returns the first failed test.
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export type TestOutcome =
  | { readonly passed: true; readonly tests: number }
  /** `test` is undefined if the run itself failed */
  | { readonly passed: false; readonly test: string | undefined }

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

export async function runTests(root: string, files: readonly string[]): Promise<TestOutcome> {
  const output = join(root, 'mutation-report.json')
  rmSync(output, { force: true })
  const args = ['run', ...files, '--reporter=json', `--outputFile=${output}`, '--bail=1', '--no-cache']
  const passed = (await runScript(root, ['node_modules/vitest/vitest.mjs', ...args])) === 0
  const report = readReport(output)
  if (passed && report !== undefined) return { passed, tests: report.numPassedTests }
  const failed = report?.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed')
  return { passed: false, test: failed?.fullName.trim() }
}

function runScript(root: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...args], { cwd: root, stdio: 'ignore' })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

function readReport(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch {
    return undefined
  }
}
