// `crosswalk config check`: everything that is wrong with a configuration file, or what it amounts to.
import type { Command } from 'commander'
import { stringify } from 'yaml'

import { EXIT } from '../exit-codes.ts'
import { outputOption, writeJson, type OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { configOption, reportProblems } from './configuration-file.ts'

export function addConfigCommands(program: Command, terminal: CommandTerminal): void {
  const config = program.command('config').description('work with the configuration file')
  config
    .command('check')
    .description('list every problem of the file, or print the configuration it amounts to, secrets masked')
    .addOption(configOption())
    .addOption(outputOption())
    .action(async (options: { config: string; output: OutputFormat }) => {
      const { findFailingTests, loadConfiguration, maskSecrets } = await import('@crosswalk/server')
      const { configuration, problems: faults } = loadConfiguration(options.config, terminal.env)
      const failing = configuration === undefined ? [] : findFailingTests(configuration, terminal.nowMs())
      const problems = [...faults, ...failing]
      const effective = maskSecrets(configuration)
      if (options.output === 'json') {
        const ok = configuration !== undefined && failing.length === 0
        const rest = configuration === undefined ? {} : { configuration: effective }
        writeJson(terminal, { schema: 'crosswalk.config-check/v1', ok, problems, ...rest })
      } else {
        await reportProblems(terminal, problems)
        if (configuration !== undefined)
          terminal.writeOut(stringify(effective, { aliasDuplicateObjects: false }))
      }
      if (configuration === undefined) terminal.endWith(EXIT.usage)
      else if (failing.length > 0) terminal.endWith(EXIT.negative)
    })
}
