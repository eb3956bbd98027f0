// `crosswalk playground`: a page on this machine that drives the crossing step by step, and breaks it on purpose.
import type { Command } from 'commander'

import type { PlaygroundOptions } from '../playground/run-playground.ts'
import type { CommandTerminal } from '../terminal.ts'
import { addFaultOptions, addIdTokenOption, addProofOptions, addSlotOptions, parsePagePort } from './flow.ts'

export function addPlaygroundCommand(program: Command, terminal: CommandTerminal): void {
  const command = program
    .command('playground')
    .description(
      'serve a page on this machine on which the flow is run step by step, and broken on purpose: of the demo world, or of servers that are named here or pasted there',
    )
  addFaultOptions(addProofOptions(addIdTokenOption(addSlotOptions(command))))
    .option('--port <number>', 'port of the page', parsePagePort, 4010)
    .action(async (options: PlaygroundOptions) => {
      const { runPlayground } = await import('../playground/run-playground.ts')
      await runPlayground(terminal, options)
    })
}
