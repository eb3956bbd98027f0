// Shared by all commands that read a configuration file: the option, and how problems are printed.
import type { Configuration, Environment, FileProblem } from '@crosswalk/control'
import type * as Server from '@crosswalk/server'
import { Option } from 'commander'

import { sanitize } from '../admin/table.ts'
import { count } from '../output.ts'
import type { CommandTerminal, Terminal } from '../terminal.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { loadServer } from '../load-server.ts'

/** In the current folder */
export const DEFAULT_CONFIG = 'crosswalk.yaml'

export function configOption(): Option {
  return new Option('-c, --config <file>', 'the configuration file, YAML or JSON')
    .default(DEFAULT_CONFIG)
    .env('CROSSWALK_CONFIG')
}

/**
 * Prints every problem with its line and fix.
 *
 * @param exitCode - of a command that cannot continue because of them
 * @returns the error for it to end with
 */
export async function reportProblems(
  terminal: Terminal,
  problems: readonly FileProblem[],
  exitCode: number = EXIT.usage,
): Promise<CliError> {
  const { renderProblem } = await import('@crosswalk/control')
  for (const problem of problems) terminal.writeErr(`${renderProblem(problem)}\n`)
  const errors = problems.filter(({ severity }) => severity === 'error')
  const what = `${count(errors.length, 'problem')} in ${errors[0]?.file ?? 'the file'}`
  return new CliError(exitCode, what, 'fix the file, and try again')
}

interface Configured {
  readonly server: typeof Server
  readonly configuration: Configuration
  readonly environment: Environment
}

/**
 * Runs with the server package and the configuration of a file. Reports what is wrong with the file, or with what it
 * starts. A missing package is reported first: without it, a correct file would not help.
 */
export async function withConfiguration(
  terminal: CommandTerminal,
  file: string,
  body: (configured: Configured) => Promise<void>,
): Promise<void> {
  const server = await loadServer()
  const { loadConfiguration, StartError } = await import('@crosswalk/control')
  const { configuration, problems, environment } = loadConfiguration(file, terminal.env)
  const wrong = await reportProblems(terminal, problems)
  if (configuration === undefined) throw wrong
  try {
    await body({ server, configuration, environment })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    const exitCode = error.isMisuse ? EXIT.usage : EXIT.failure
    if (error.problems.length === 0) throw new CliError(exitCode, error.message, error.fix)
    throw await reportProblems(terminal, error.problems)
  }
}

/** A problem that the server reports in a submitted document. */
export interface ReportedProblem {
  /** JSON Pointer into the file */
  readonly path: string
  readonly problem: string
  readonly fix?: string | undefined
}

/** Prints each problem with its line. @param locate - returns undefined if no line matches */
export function printProblems(
  terminal: Terminal,
  problems: readonly ReportedProblem[],
  locate: (path: string) => string | undefined,
): void {
  for (const { path, problem, fix } of problems) {
    const place = locate(path)
    const where = place === undefined || path === '' ? (place ?? path) : `${place}: ${path}`
    terminal.writeErr(`${sanitize(`${where}: ${problem}`)}\n`)
    if (fix !== undefined) terminal.writeErr(`${sanitize(`  fix: ${fix}`)}\n`)
  }
}
