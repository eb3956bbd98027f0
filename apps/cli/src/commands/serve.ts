// `crosswalk serve`: runs the roles of a configuration file until it is stopped.
import { InvalidArgumentError, Option, type Command } from 'commander'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { loadServer } from '../load-server.ts'
import type { CommandTerminal } from '../terminal.ts'
import { configOption, reportProblems } from '../configuration/configuration-file.ts'

const MAX_WORKERS = 256

export function addServeCommand(program: Command, terminal: CommandTerminal): void {
  program
    .command('serve')
    .description('run the servers that the configuration defines, until SIGTERM or Ctrl-C')
    .addOption(configOption())
    .addOption(
      new Option('-w, --workers <number>', 'number of processes')
        .argParser(parseWorkers)
        .default(1)
        .env('CROSSWALK_WORKERS'),
    )
    .action(async (options: { config: string; workers: number }) => {
      const { loadConfiguration, StartError } = await import('@crosswalk/control')
      const { runServer } = await loadServer()
      const { configuration, problems, environment } = loadConfiguration(options.config, terminal.env)
      await reportProblems(terminal, problems)
      if (configuration === undefined) {
        terminal.endWith(EXIT.usage)
        return
      }
      try {
        const log = (line: string) => terminal.writeErr(`${line}\n`)
        await runServer(configuration, { workers: options.workers, environment, log })
      } catch (error) {
        if (error instanceof StartError && error.problems.length > 0) {
          await reportProblems(terminal, error.problems)
          terminal.endWith(EXIT.usage)
          return
        }
        if (error instanceof StartError) throw new CliError(EXIT.failure, error.message, error.fix)
        throw error
      }
    })
}

function parseWorkers(text: string): number {
  const workers = Number(text)
  if (!/^\d+$/.test(text) || workers < 1 || workers > MAX_WORKERS) {
    throw new InvalidArgumentError(`a whole number from 1 to ${MAX_WORKERS}.`)
  }
  return workers
}
