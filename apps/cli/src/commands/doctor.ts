// `crosswalk doctor`: finds what is wrong between an app and a resource, and how to fix it. Requests only public
// documents, unless it has the credentials of an app, or access to your own Crosswalk server. Changes nothing.
import { existsSync } from 'node:fs'

import { type Command, InvalidArgumentError, Option } from 'commander'

import { parseLimit } from '../admin/admin-options.ts'
import { CliError } from '../cli-error.ts'
import { DEFAULT_CONFIG } from '../configuration/configuration-file.ts'
import type { DoctorOptions } from '../doctor/run-doctor.ts'
import { EXIT } from '../exit-codes.ts'
import { outputOption } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { addProofOptions } from './flow.ts'

export function addDoctorCommand(program: Command, terminal: CommandTerminal): void {
  const command = addTargetOptions(
    program
      .command('doctor')
      .description('check a configuration file, a running server or any OAuth endpoints, and list fixes'),
  )
    .option('--client-id <id>', 'with --idp: also check whether it knows this app, by its credentials')
    .option('--as-client-id <id>', 'with --as: the same; default: the same id')
    .option('--ignore <ids...>', 'known problems that do not count, by the id of their check')
    .option('--bundle <file>', 'also write findings and public documents to a file for a support ticket')
    .option('--since-last <file>', 'report only what changed since the last run, which this file keeps')
    .addOption(
      new Option('--watch', 'run again when the file is saved and every 30 s; report changes').conflicts([
        'bundle',
        'sinceLast',
      ]),
    )
    .option('--for <seconds>', 'with --watch: how long; until Ctrl-C by default', parseLimit)
    .option('--strict', `exit with ${EXIT.warnings} for warnings alone`)
    .option('-v, --verbose', 'also show checks that passed or were skipped')
    .addOption(outputOption(['junit', 'sarif']))
  addProofOptions(command).action(async (options: DoctorOptions) => {
    const { config, server, idp, as: servers, resource, upstream, trusted, clientId } = options
    const targets = [config, server, idp, servers, resource, upstream, trusted, clientId]
    const isNamed = targets.some((target) => target !== undefined)
    const { runDoctor } = await import('../doctor/run-doctor.ts')
    await runDoctor(terminal, isNamed ? options : { ...options, config: findConfig(terminal) })
  })
}

/** The file that `serve` would read. */
function findConfig({ env }: CommandTerminal): string {
  const file = env['CROSSWALK_CONFIG'] ?? DEFAULT_CONFIG
  if (existsSync(file)) return file
  throw new CliError(
    EXIT.usage,
    `nothing to check: there is no ${file}`,
    'name --config FILE, --server URL, --idp ISSUER, --as ISSUER, --upstream ISSUER, --trusted ISSUER, --resource URL or --client-id URL',
  )
}

function addTargetOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '-c, --config <file>',
        'check this configuration file and the endpoints it names; default: crosswalk.yaml, if nothing else is named',
      ),
    )
    .addOption(
      new Option(
        '--server <url>',
        'check this running Crosswalk; with CROSSWALK_ADMIN_TOKEN also its definitions',
      ),
    )
    .option('--idp <issuer...>', 'check this identity provider; can be repeated')
    .option('--as <issuer...>', 'check this authorization server')
    .option('--resource <url...>', 'check this API or MCP server, and the authorization server it names')
    .option(
      '--upstream <issuer...>',
      'check this identity provider as a subject issuer, whose ID tokens apps exchange',
    )
    .option(
      '--trusted <issuer...>',
      'check this identity provider as a trusted issuer, whose ID-JAGs an authorization server accepts',
    )
    .addOption(
      new Option(
        '--origin <origin>',
        'also check whether pages of this origin may call token endpoints and resources',
      ).argParser(parseOrigin),
    )
    .option('--app <id>', 'with --server: whether this app …')
    .option('--user <id-or-name>', '… may act for this user …')
    .option('--audience <issuer>', '… at this authorization server')
    .option('--scope <scopes>', '… with these scopes')
}

function parseOrigin(text: string): string {
  if (!URL.canParse(text) || new URL(text).origin !== text)
    throw new InvalidArgumentError('Write an origin, such as https://app.example.com.')
  return text
}
