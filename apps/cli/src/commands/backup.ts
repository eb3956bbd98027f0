// `crosswalk backup`, `crosswalk restore` and `crosswalk migrate`: commands for the whole database of a server.
import { type Command, Option } from 'commander'

import { configOption, withConfiguration } from '../configuration/configuration-file.ts'
import { EXIT } from '../exit-codes.ts'
import { count, outputOption, writeJson, type OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface Options {
  readonly config: string
  readonly output: OutputFormat
}

export function addDatabaseCommands(program: Command, terminal: CommandTerminal): void {
  addBackup(program, terminal)
  addRestore(program, terminal)
  addMigrate(program, terminal)
}

function addBackup(program: Command, terminal: CommandTerminal): void {
  program
    .command('backup')
    .description('back up an embedded database and its master key while servers run')
    .addOption(configOption())
    .requiredOption('--to <folder>', 'the folder to create')
    .option('--without-key', 'omit the master key')
    .addOption(outputOption())
    .action((options: Options & { readonly to: string; readonly withoutKey?: true }) =>
      withConfiguration(terminal, options.config, async ({ server, configuration, environment }) => {
        const { to, withoutKey = false } = options
        const manifest = await server.backUpDatabase(configuration, { environment, to, withoutKey })
        if (options.output === 'json') writeJson(terminal, manifest)
        else terminal.writeOut(`${to}: ${describeLogs(manifest.logs)}, verified\n`)
        terminal.writeErr(
          manifest.hasKey
            ? 'The backup contains the master key: protect it like the server.\n'
            : 'The backup has no master key: keep CROSSWALK_KEY or its file elsewhere, or the backup is useless.\n',
        )
      }),
    )
}

function addRestore(program: Command, terminal: CommandTerminal): void {
  program
    .command('restore')
    .description('restore a backup to the configured database, and verify it; never overwrites')
    .addOption(configOption())
    .requiredOption('--from <folder>', 'the folder of the backup')
    .addOption(outputOption())
    .action((options: Options & { readonly from: string }) =>
      withConfiguration(terminal, options.config, async ({ server, configuration, environment }) => {
        const manifest = await server.restoreDatabase(configuration, { environment, from: options.from })
        if (options.output === 'json') writeJson(terminal, manifest)
        else
          terminal.writeOut(
            `restored as of ${manifest.createdAt}: ${describeLogs(manifest.logs)}, verified\n`,
          )
      }),
    )
}

function addMigrate(program: Command, terminal: CommandTerminal): void {
  program
    .command('migrate')
    .description('update the database schema, as the first start of a new version does')
    .addOption(configOption())
    .option('--dry-run', 'show pending migrations without applying them')
    // The name that other migration tools use.
    .addOption(new Option('--plan', 'the same as --dry-run').hideHelp())
    .addOption(outputOption())
    .action((options: Options & { readonly dryRun?: true; readonly plan?: true }) =>
      withConfiguration(terminal, options.config, async ({ server, configuration }) => {
        const dryRun = options.dryRun ?? options.plan ?? false
        const { applied, missing, unknown } = await server.migrateDatabase(configuration, { dryRun })
        const names = missing.map(({ name }) => name)
        if (options.output === 'json')
          writeJson(terminal, { schema: 'crosswalk.migrations/v1', applied, missing, unknown })
        else
          terminal.writeOut(
            `${names.length === 0 ? 'up to date' : `${dryRun ? 'missing' : 'applied'}: ${names.join(', ')}`}\n`,
          )
        if (unknown.length > 0)
          terminal.writeErr(`a newer version of Crosswalk applied ${unknown.join(', ')}\n`)
        if (unknown.length > 0 || (dryRun && names.length > 0)) terminal.endWith(EXIT.negative)
      }),
    )
}

function describeLogs(logs: readonly { readonly log: string; readonly seq: number }[]): string {
  const events = logs.reduce((sum, { seq }) => sum + seq, 0)
  return `${count(events, 'event')} in ${count(logs.length, 'log')}`
}
