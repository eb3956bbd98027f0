// `crosswalk playground`: a page on this machine that drives the crossing leg by leg, and breaks it on purpose.
import type { Command } from 'commander'

import type { PlaygroundOptions } from '../playground/run-playground.ts'
import type { CommandTerminal } from '../terminal.ts'
import { addPartyOptions, parsePort } from './flow.ts'

export function addPlaygroundCommand(program: Command, terminal: CommandTerminal): void {
  addPartyOptions(
    program
      .command('playground')
      .description('serve a page on this machine on which the flow is run leg by leg, and broken on purpose'),
  )
    .option('--port <number>', 'port of the page', parsePort, 4010)
    .action(async (options: PlaygroundOptions) => {
      const { runPlayground } = await import('../playground/run-playground.ts')
      await runPlayground(terminal, options)
    })
}
