// `npm run check`: all checks that must pass before a commit. Runs every check, then fails if any of them failed.
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

import { nodeStep } from './check/node-step.ts'
import { runSteps, type StepReport } from './check/run-steps.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** How many steps run at the same time */
const CONCURRENCY = 2
/**
 * Checkers of the native compiler in one step. Each infers all types that it meets by itself, so four of them on two
 * cores take twice as long as one.
 */
const CHECKERS = Math.max(1, Math.floor(availableParallelism() / CONCURRENCY))

/** One type check per tsconfig*.json at the root, so that adding a file adds its check. */
const projects = readdirSync(ROOT)
  .filter((name) => /^tsconfig(\.\w+)?\.json$/.test(name) && name !== 'tsconfig.base.json')
  .sort((a, b) => a.length - b.length || a.localeCompare(b))

const steps = [
  nodeStep('format', ROOT, ['node_modules/oxfmt/bin/oxfmt', '--check']),
  nodeStep('lint', ROOT, ['node_modules/oxlint/bin/oxlint', '.']),
  ...projects.map((project) => nodeStep(`types ${project}`, ROOT, typeCheck(project))),
  nodeStep('architecture', ROOT, ['tools/architecture/main.ts']),
  nodeStep('generated files', ROOT, ['tools/generate.ts', '--check']),
  nodeStep('docs', ROOT, ['tools/docs/main.ts']),
  nodeStep('prose', ROOT, ['tools/prose/main.ts']),
  nodeStep('requirements', ROOT, ['tools/requirements/main.ts']),
]

const reports = await runSteps(steps, { concurrency: CONCURRENCY, nowMs: () => performance.now(), tell })
const failed = reports.filter((report) => !report.passed)
console.log(failed.length === 0 ? 'check passed' : `check failed: ${failed.map((it) => it.name).join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

/** With the native compiler, which takes a tenth of the time. */
function typeCheck(project: string): string[] {
  const memory = `node_modules/.cache/tsc/${project}.tsbuildinfo`
  return [
    'node_modules/typescript-native/bin/tsc',
    '-p',
    project,
    '--checkers',
    String(CHECKERS),
    '--incremental',
    '--tsBuildInfoFile',
    memory,
  ]
}

/** A passing step prints one line and its warnings; a failing one prints all its output. */
function tell({ name, passed, output, elapsedMs }: StepReport): void {
  console.log(
    `${passed ? 'ok  ' : 'FAIL'}  ${name.padEnd(28)} ${(elapsedMs / 1000).toFixed(1).padStart(5)} s`,
  )
  const lines = output.trimEnd().split('\n')
  const shown = passed ? lines.filter((line) => line.startsWith('warning:')) : lines
  for (const line of shown) if (line !== '') console.log(`      ${line}`)
}
