// `crosswalk serve`: runs the roles of a configuration file until it is stopped.
import { type Command, Option } from 'commander'

import type { CommandTerminal } from '../terminal.ts'
import { configOption, withConfiguration } from '../configuration/configuration-file.ts'
import { wholeNumber } from '../whole-number.ts'

const MAX_WORKERS = 256

export function addServeCommand(program: Command, terminal: CommandTerminal): void {
  program
    .command('serve')
    .description('run the servers that the configuration defines, until SIGTERM or Ctrl-C')
    .addOption(configOption())
    .addOption(
      new Option('-w, --workers <number>', 'number of processes')
        .argParser(wholeNumber(1, MAX_WORKERS))
        .default(1)
        .env('CROSSWALK_WORKERS'),
    )
    .action(({ config, workers }: { config: string; workers: number }) =>
      withConfiguration(terminal, config, async ({ server, configuration, environment }) => {
        const log = (line: string) => terminal.writeErr(`${line}\n`)
        await server.runServer(configuration, { workers, environment, log })
      }),
    )
}
