// What every command with a configuration file shares: its option, and how problems are told.
import type { Problem } from '@crosswalk/control'
import { Option } from 'commander'

import { sanitize } from '../admin/table.ts'
import { count } from '../output.ts'
import type { Terminal } from '../terminal.ts'

export function configOption(): Option {
  return new Option('-c, --config <file>', 'the configuration file, YAML or JSON')
    .default('crosswalk.yaml')
    .env('CROSSWALK_CONFIG')
}

/** Tells all problems, each with line and remedy, and how many of them stop the start. */
export async function reportProblems(terminal: Terminal, problems: readonly Problem[]): Promise<void> {
  if (problems.length === 0) return
  const { renderProblem } = await import('@crosswalk/control')
  for (const problem of problems) terminal.writeErr(`${renderProblem(problem)}\n`)
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    const problemCount = count(errors.length, 'problem')
    terminal.writeErr(`error: ${problemCount} in ${errors[0]?.file}; correct the file and try again\n`)
  }
}

/** What a server found wrong with what was sent. */
export interface ToldProblem {
  /** JSON Pointer into the file */
  readonly path: string
  readonly problem: string
  readonly fix?: string | undefined
}

/** Tells each problem with the line it is about. @param locate - undefined where no line says it */
export function tellProblems(
  terminal: Terminal,
  problems: readonly ToldProblem[],
  locate: (path: string) => string | undefined,
): void {
  for (const { path, problem, fix } of problems) {
    const place = locate(path)
    const where = place === undefined || path === '' ? (place ?? path) : `${place}: ${path}`
    terminal.writeErr(`${sanitize(`${where}: ${problem}`)}\n`)
    if (fix !== undefined) terminal.writeErr(`${sanitize(`  fix: ${fix}`)}\n`)
  }
}
