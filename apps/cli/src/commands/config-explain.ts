// `crosswalk config explain`: where every setting comes from, and what it hides. Reads only; secrets are not shown.
import type { Command, Option } from 'commander'

import { addServerOptions } from '../admin/admin-options.ts'
import { renderTable } from '../admin/table.ts'
import { configOption } from '../configuration/configuration-file.ts'
import { outputOption, writeJson, type OutputFormat } from '../output.ts'
import { isSameServer, readProfiles } from '../profiles/profile-store.ts'
import type { CommandTerminal } from '../terminal.ts'

interface Setting {
  readonly name: string
  readonly value: string
  readonly from: string
  /** Other values that would apply without this one */
  readonly hides: readonly string[]
}

interface Options {
  readonly server: string
  readonly profile?: string
  readonly config: string
  readonly output: OutputFormat
}

const SECRET = 'set, not shown'

export function addConfigExplain(config: Command, terminal: CommandTerminal): void {
  // The environment as given: a profile completes it before the command runs.
  const given = terminal.env
  const command = config
    .command('explain')
    .description(
      'show where the settings of the CLI and the variables of a server come from, and what they hide',
    )
    .addOption(configOption())
  addServerOptions(command)
    .addOption(outputOption())
    .action(async (options: Options) => {
      const settings = [
        ...explainServer(command, options, { given, env: terminal.env }),
        ...listEnvironmentOptions(rootOf(command)).map((option) => explainOption(option, given)),
        ...(await explainVariables(options.config, given)),
      ]
      if (options.output === 'json')
        return writeJson(terminal, { schema: 'crosswalk.config-explain/v1', settings })
      const rows = settings.map(({ name, value, from, hides }) => [name, value, from, hides.join(', ')])
      terminal.writeOut(renderTable(['setting', 'value', 'from', 'hides'], rows))
    })
}

type Env = CommandTerminal['env']

const NAMES = { cli: '--server', env: 'CROSSWALK_SERVER', config: 'profile', default: 'default' } as const

/** A profile is used with its own server and its own token, or not at all. */
function explainServer(
  command: Command,
  { server, profile: chosen }: Options,
  { given, env }: { readonly given: Env; readonly env: Env },
): readonly Setting[] {
  const { current, profiles } = readProfiles(given)
  const source = (command.getOptionValueSource('server') ?? 'default') as keyof typeof NAMES
  const isProfile = source === 'config'
  const used = Object.keys(profiles).find((name) => profiles[name]?.token === env['CROSSWALK_ADMIN_TOKEN'])
  const from = isProfile ? `profile ${chosen ?? used}` : NAMES[source]
  const unused = isProfile || current === undefined ? undefined : profiles[current]
  const { CROSSWALK_SERVER: url = '', CROSSWALK_ADMIN_TOKEN: token = '' } = given
  const hidden = [
    ...(source !== 'env' && url !== '' && !isSameServer(url, server) ? [`CROSSWALK_SERVER ${url}`] : []),
    ...(unused === undefined || isSameServer(unused.server, server)
      ? []
      : [`profile ${current} ${unused.server}`]),
  ]
  const tokenHides = [
    ...(isProfile && token !== '' ? ['CROSSWALK_ADMIN_TOKEN'] : []),
    ...(unused === undefined || token === '' ? [] : [`profile ${current}`]),
  ]
  const tokenFrom = isProfile ? from : token === '' ? 'nowhere' : 'CROSSWALK_ADMIN_TOKEN'
  return [
    { name: '--server', value: server, from, hides: hidden },
    { name: 'token', value: tokenFrom === 'nowhere' ? 'none' : SECRET, from: tokenFrom, hides: tokenHides },
  ]
}

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent))

/** The other options that a variable can set. */
function listEnvironmentOptions(root: Command): readonly Option[] {
  const all = (command: Command): readonly Option[] => [
    ...command.options.filter(({ envVar }) => envVar !== undefined && envVar !== 'CROSSWALK_SERVER'),
    ...command.commands.flatMap(all),
  ]
  return [...new Map(all(root).map((option) => [option.envVar, option])).values()]
}

function explainOption({ long, envVar = '', defaultValue }: Option, env: Env): Setting {
  const value = env[envVar]
  const base = { name: String(long), hides: [] }
  return value === undefined
    ? { ...base, value: String(defaultValue ?? 'none'), from: 'default' }
    : { ...base, value, from: envVar }
}

/** The variables of the file next to the configuration; those of the process take precedence. */
async function explainVariables(configuration: string, given: Env): Promise<readonly Setting[]> {
  const { environmentFileOf, readEnvironmentFile } = await import('@crosswalk/control')
  const { environment } = readEnvironmentFile(configuration, {})
  const file = environmentFileOf(configuration)
  return Object.keys(environment).map((name) => {
    const isHidden = (given[name] ?? '') !== '' || (given[`${name}_FILE`] ?? '') !== ''
    return {
      name,
      value: SECRET,
      from: isHidden ? 'environment' : file,
      hides: isHidden && given[name] !== environment[name] ? [file] : [],
    }
  })
}
