// `crosswalk init`: writes a first configuration file, with its secrets in a separate file.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import type { Command } from 'commander'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { findAnswers, type GivenAnswers } from '../init/ask-answers.ts'
import { toSourceArgument } from '../init/source-argument.ts'
import {
  renderConfiguration,
  renderSecrets,
  SECRET_NAMES,
  type SecretName,
  usernameOf,
} from '../init/template.ts'
import { writeNewFiles } from '../init/write-files.ts'
import type { CommandTerminal } from '../terminal.ts'

const OWNER_ONLY = 0o600
const READABLE = 0o644

interface InitOptions extends GivenAnswers {
  readonly folder: string
  readonly yes?: true
}

export function addInitCommand(program: Command, terminal: CommandTerminal): void {
  program
    .command('init')
    .description('create a configuration file and a file with new secrets; asks unless --yes is given')
    .option('--folder <folder>', 'where to write them', '.')
    .option('--yes', 'use defaults without asking')
    .option('--base-url <url>', 'public origin of the server')
    .option('--database <url>', 'database')
    .option('--user-name <name>', 'name of the first user')
    .option('--user-email <address>', 'e-mail address of the first user')
    .option('--app-name <name>', 'name of the requesting app')
    .option('--redirect-uri <uri>', 'redirect URI of its sign-in')
    .option('--resource <uri>', 'URL of the API or MCP server to reach')
    .option('--scopes <scopes>', 'its scopes, separated by spaces')
    .action(async ({ folder, yes, ...given }: InitOptions) => {
      if (yes !== true && (terminal.ask === undefined || !terminal.isStdinTerminal))
        throw new CliError(
          EXIT.usage,
          'init asks questions, but standard input is not a terminal',
          'add --yes to use the defaults',
        )
      const answers = await findAnswers(given, yes === true ? undefined : terminal.ask)
      const secrets = Object.fromEntries(SECRET_NAMES.map((name) => [name, makeSecret()])) as Record<
        SecretName,
        string
      >
      const configuration = join(folder, 'crosswalk.yaml')
      const environment = join(folder, 'crosswalk.env')
      await writeNewFiles([
        { path: environment, content: renderSecrets(secrets), mode: OWNER_ONLY },
        { path: configuration, content: renderConfiguration(answers), mode: READABLE },
      ])
      terminal.writeOut(`${configuration}\n${environment}\n`)
      const { userEmail, baseUrl } = answers
      terminal.writeErr(
        `next: npx crosswalk serve --config ${toSourceArgument(configuration)}\n` +
          `then: open ${baseUrl}/admin and sign in as ${usernameOf(userEmail)}; the password is FIRST_USER_PASSWORD in ${environment}\n`,
      )
    })
}

/** 256 bits, in characters with no special meaning in a shell or YAML. */
function makeSecret(): string {
  return randomBytes(32).toString('base64url')
}
