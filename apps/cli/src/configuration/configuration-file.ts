// What every command with a configuration file shares: its option, and how problems are told.
import type { Problem } from '@crosswalk/control'
import { Option } from 'commander'

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
    const count = errors.length === 1 ? '1 problem' : `${errors.length} problems`
    terminal.writeErr(`error: ${count} in ${errors[0]?.file}; correct the file and try again\n`)
  }
}
