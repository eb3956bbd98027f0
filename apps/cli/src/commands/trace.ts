// `crosswalk trace view`: a run kept in a file, offline.
import type { Command } from 'commander'

import { outputOption, type OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addTraceCommands(program: Command, terminal: CommandTerminal): void {
  const trace = program.command('trace').description('look into runs that were saved in the playground')
  trace
    .command('view')
    .description(
      'show a run from a trace (*.xaatrace.json): each step with what happened, its requests and what its checks found; exit 0 where it went through or its fault was refused as it has to be, 3 where not, 12 where that is open',
    )
    .argument('[file]', 'the trace; standard input without it or for -')
    .addOption(outputOption())
    .action(async (file: string | undefined, { output }: { output: OutputFormat }) => {
      const { viewTrace } = await import('../trace/view-trace.ts')
      await viewTrace(terminal, file, output)
    })
}
