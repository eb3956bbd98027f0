// `crosswalk keys reseal`: replaces the master key of a database while servers run on it.
import { toShellWord } from '@crosswalk/protocol'
import { type Command, Option } from 'commander'

import { CliError } from '../cli-error.ts'
import { configOption, withConfiguration } from '../configuration/configuration-file.ts'
import { EXIT } from '../exit-codes.ts'
import { count, outputOption, writeJson, type OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface ResealOptions {
  readonly config: string
  readonly newKey?: string
  readonly finish?: true
  readonly output: OutputFormat
}

export function addResealCommand(keys: Command, terminal: CommandTerminal): void {
  keys
    .command('reseal')
    .description('replace the master key of the database while servers run')
    .addOption(configOption())
    .addOption(new Option('--new-key <file>', 'file of the new master key; created if missing'))
    .addOption(
      new Option('--finish', 'forget the old key, after every server uses the new one').conflicts('newKey'),
    )
    .addOption(outputOption())
    .action((options: ResealOptions) => reseal(options, terminal))
}

async function reseal({ config, newKey, finish, output }: ResealOptions, terminal: CommandTerminal) {
  if (newKey === undefined && finish !== true)
    throw new CliError(
      EXIT.usage,
      'no new key given',
      'add --new-key FILE; afterwards, run it again with --finish',
    )
  await withConfiguration(terminal, config, async ({ server, configuration, environment }) => {
    const report = await server.resealDatabase(configuration, { environment, newKeyFile: newKey })
    const { keyId, signingKeys, totpSecrets, streams, credentials } = report
    if (output === 'json')
      return writeJson(terminal, { schema: 'crosswalk.reseal/v1', finished: finish === true, ...report })
    terminal.writeOut(
      `master key ${keyId}: sealed ${[
        count(signingKeys, 'signing key'),
        count(totpSecrets, 'authenticator secret'),
        count(streams, 'stream'),
        count(credentials, 'stored credential'),
      ].join(', ')}\n`,
    )
    terminal.writeErr(
      finish === true
        ? 'The old key no longer opens this database.\n'
        : `Start every server with the key in ${newKey}, then run: npx crosswalk keys reseal --config ${toShellWord(config)} --finish\n`,
    )
  })
}
