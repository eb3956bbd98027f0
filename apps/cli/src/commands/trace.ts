// `crosswalk trace view`: shows a saved run, offline.
import type { Command } from 'commander'

import { outputOption, type OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addTraceCommands(program: Command, terminal: CommandTerminal): void {
  const trace = program.command('trace').description('show runs saved in the playground')
  trace
    .command('view')
    .description(
      'show a run from a trace (*.xaatrace.json), step by step with its checks; exit code 0 as expected, 3 not, 12 inconclusive',
    )
    .argument('[file]', 'the trace; default: standard input')
    .addOption(outputOption())
    .action(async (file: string | undefined, { output }: { output: OutputFormat }) => {
      const { viewTrace } = await import('../trace/view-trace.ts')
      await viewTrace(terminal, file, output)
    })
}
