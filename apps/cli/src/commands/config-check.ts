// `crosswalk config check`: lists every problem of a configuration file, or confirms that it is valid and summarizes
// it.
import type { Configuration, FileProblem } from '@crosswalk/control'
import type { Command } from 'commander'
import { stringify } from 'yaml'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { loadServer } from '../load-server.ts'
import { count, outputOption, writeJson, type OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { addConfigExplain } from './config-explain.ts'
import { configOption, reportProblems } from '../configuration/configuration-file.ts'

interface CheckOptions {
  readonly config: string
  readonly database?: true
  readonly show?: true
  readonly output: OutputFormat
}

export function addConfigCommands(program: Command, terminal: CommandTerminal): void {
  const config = program
    .command('config')
    .description('check the configuration, and explain where it comes from')
  config
    .command('check')
    .description('list every problem in the file, or confirm that it is valid')
    .addOption(configOption())
    .option('--database', 'also check the configured database: whether this version can start on it')
    .option('--show', 'also print the effective configuration, with defaults and without secrets')
    .addOption(outputOption())
    .action(async (options: CheckOptions) => {
      const { findFailingTests, loadConfiguration, maskSecrets } = await import('@crosswalk/control')
      const { configuration, problems: faults } = loadConfiguration(options.config, terminal.env)
      const failing =
        configuration === undefined ? [] : await findFailingTests(configuration, terminal.nowMs())
      const ofDatabase =
        configuration === undefined || options.database !== true ? [] : await checkDatabase(configuration)
      const problems = [...faults, ...failing, ...ofDatabase]
      const effective = maskSecrets(configuration)
      const exitCode =
        configuration === undefined || ofDatabase.some(({ severity }) => severity === 'error')
          ? EXIT.usage
          : failing.length > 0
            ? EXIT.negative
            : undefined
      if (options.output === 'json') {
        const rest = configuration === undefined ? {} : { configuration: effective }
        writeJson(terminal, {
          schema: 'crosswalk.config-check/v1',
          ok: exitCode === undefined,
          problems,
          ...rest,
        })
        if (exitCode !== undefined) terminal.endWith(exitCode)
      } else {
        const wrong = await reportProblems(terminal, problems, exitCode)
        if (configuration !== undefined && exitCode === undefined)
          terminal.writeOut(`OK: ${options.config} is valid: ${describeContents(configuration)}\n`)
        if (configuration !== undefined && options.show === true)
          terminal.writeOut(stringify(effective, { aliasDuplicateObjects: false }))
        if (exitCode !== undefined) throw wrong
      }
    })
  addConfigExplain(config, terminal)
}

async function checkDatabase(configuration: Configuration): Promise<readonly FileProblem[]> {
  const server = await loadServer()
  const { StartError } = await import('@crosswalk/control')
  try {
    return await server.checkDatabase(configuration)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    throw new CliError(EXIT.failure, error.message, error.fix)
  }
}

function describeContents({ idp, authorizationServers }: Configuration): string {
  const { users = [], apps = [], resourceApps = [], connections = [], policies = [] } = idp ?? {}
  return [
    count(users.length, 'user'),
    count(apps.length, 'app'),
    count(resourceApps.length, 'resource app'),
    count(connections.length, 'connection'),
    count(policies.length, 'policy'),
    count(authorizationServers.length, 'authorization server'),
  ].join(', ')
}
