// `crosswalk playground`: serves a local page that runs the flow step by step, and breaks it on purpose.
import type { Command } from 'commander'

import type { PlaygroundOptions } from '../playground/run-playground.ts'
import type { CommandTerminal } from '../terminal.ts'
import { addFaultOptions, addIdTokenOption, addProofOptions, addSlotOptions, parsePagePort } from './flow.ts'

export function addPlaygroundCommand(program: Command, terminal: CommandTerminal): void {
  const command = program
    .command('playground')
    .description(
      'serve a local page that runs the flow step by step and breaks it, with the demo world or your own servers',
    )
  addFaultOptions(addProofOptions(addIdTokenOption(addSlotOptions(command))))
    .option('--port <number>', 'port of the page', parsePagePort, 4010)
    .action(async (options: PlaygroundOptions) => {
      const { runPlayground } = await import('../playground/run-playground.ts')
      await runPlayground(terminal, options)
    })
}
