// `crosswalk backup`, `restore`, `restore-drill` and `migrate`: commands for the whole database of a server.
import { type Command, Option } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { CliError } from '../cli-error.ts'
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
  addRestoreDrill(program, terminal)
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

interface DrillOptions extends AdminOptions {
  readonly config: string
  readonly from?: string
  readonly database?: string
}

function addRestoreDrill(program: Command, terminal: CommandTerminal): void {
  addAdminOptions(
    program
      .command('restore-drill')
      .description('verify that a backup can be restored, and record it at the running server')
      .addOption(configOption())
      .option('--from <folder>', 'the folder of a backup, which is restored to a temporary folder')
      .addOption(
        new Option('--database <url>', 'or a database that you restored from a dump')
          .env('CROSSWALK_RESTORED_DATABASE')
          .conflicts('from'),
      ),
  ).action((options: DrillOptions) =>
    withConfiguration(terminal, options.config, async ({ server, configuration, environment }) => {
      const restored = readRestored(options)
      const chains = await server.verifyRestored(configuration, { environment, restored })
      await withAdmin(terminal, options, async ({ client }) => {
        const ends = chains.map(({ chain, seq, hash }) => ({ chain, seq, hash }))
        const { body } = await client.call('restore-drills.record', { body: { chains: ends } })
        if (options.output === 'json')
          writeJson(terminal, { schema: 'crosswalk.restore-drill/v1', ...body, logs: chains })
        else
          terminal.writeOut(
            `restored: ${describeLogs(chains)}, verified\nnewest event: ${body.newestAt}; a restore now would lose ${count(body.laterEvents, 'event')}\n`,
          )
      })
    }),
  )
}

function readRestored({ from, database }: DrillOptions) {
  if (from !== undefined) return { from }
  if (database !== undefined) return { database }
  throw new CliError(EXIT.usage, 'no backup', 'name the folder of a backup with --from, or --database URL')
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
