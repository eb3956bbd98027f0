// `crosswalk trace`: shows, redacts and compares saved runs, offline.
import { type Command, InvalidArgumentError } from 'commander'

import { addExample } from '../example.ts'
import { outputOption, type OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addTraceCommands(program: Command, terminal: CommandTerminal): void {
  const trace = program.command('trace').description('show, redact and compare runs saved in the playground')
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
  addExample(trace.command('redact'), 'npx crosswalk trace redact run-3.xaatrace.json --hide acme.com alice')
    .description('print a copy of a trace that hides the given texts, for sharing')
    .argument('[file]', 'the trace; default: standard input')
    .option(
      '--hide <texts...>',
      'text to hide in any case, such as the names of servers and users',
      parseName,
    )
    .action(async (file: string | undefined, { hide = [] }: { hide?: readonly string[] }) => {
      const { redactTrace } = await import('../trace/redact-trace.ts')
      await redactTrace(terminal, file, hide)
    })
  addExample(trace.command('compare'), 'npx crosswalk trace compare works.xaatrace.json fails.xaatrace.json')
    .description(
      'list what differs between two runs: outcomes, checks, parameters, responses and claims; exit code 3 if anything does',
    )
    .argument('<before>', 'a trace; - for standard input')
    .argument('<after>', 'the trace to compare it with')
    .addOption(outputOption())
    .action(async (before: string, after: string, { output }: { output: OutputFormat }) => {
      const { compareTraceFiles } = await import('../trace/compare-traces.ts')
      await compareTraceFiles(terminal, { before, after, output })
    })
}

const MIN_NAME = 3

/** A shorter text is part of many words. */
function parseName(text: string, before: readonly string[] = []): readonly string[] {
  if (text.trim().length < MIN_NAME) throw new InvalidArgumentError(`Write at least ${MIN_NAME} characters.`)
  return [...before, text.trim()]
}
