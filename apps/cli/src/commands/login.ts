// `crosswalk login`, `logout`, `profile` and `open`: profiles of the servers a user works with, and the console
// address.
import type { Command } from 'commander'

import { type AdminOptions, addServerOptions, withAdmin } from '../admin/admin-options.ts'
import { renderTable, sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { type OutputFormat, outputOption, writeJson } from '../output.ts'
import { readProfiles, writeProfiles } from '../profiles/profile-store.ts'
import { type CommandTerminal, readStdin } from '../terminal.ts'
import { buildConsolePath } from './console-path.ts'

type LoginOptions = Omit<AdminOptions, 'output'> & { readonly name: string }

export function addLoginCommands(program: Command, terminal: CommandTerminal): void {
  const login = program
    .command('login')
    .description('store the address and token of a server as a profile; reads the token from standard input')
    .option('--name <name>', 'name of the profile', 'default')
  addServerOptions(login, { profile: false }).action((options: LoginOptions) => logIn(terminal, options))
  program
    .command('logout')
    .description('delete a profile and its token')
    .argument('[name]', 'name of the profile; default: the current one')
    .action((name: string | undefined) => logOut(terminal, name))
  const profile = program.command('profile').description('list profiles, and choose the current one')
  profile
    .command('list')
    .description('list profiles, without their tokens')
    .addOption(outputOption())
    .action(({ output }: { output: OutputFormat }) => list(terminal, output))
  profile
    .command('use')
    .description('use a profile for the commands that follow')
    .argument('<name>', 'name of the profile')
    .action((name: string) => use(terminal, name))
  const open = program
    .command('open')
    .description('open the console in a browser, and print its address')
    .argument('[page]', 'page such as connections/agent0-todo0, or id of a decision; default: the first page')
    .option('--print', 'print the address only')
  addServerOptions(open).action(
    async (page: string | undefined, { server, print }: AdminOptions & { readonly print?: true }) => {
      const address = `${server.replace(/\/$/, '')}/admin${buildConsolePath(page)}`
      terminal.writeOut(`${address}\n`)
      if (print !== true) await terminal.openBrowser?.(address)
    },
  )
}

async function logIn(terminal: CommandTerminal, { name, ...options }: LoginOptions): Promise<void> {
  const token = (await readNewToken(terminal)).trim()
  if (token === '')
    throw new CliError(
      EXIT.usage,
      'no token given',
      'pass one on standard input: CROSSWALK_ADMIN_TOKEN of crosswalk.env, or one from Settings › API tokens in the console',
    )
  const env = { ...terminal.env, CROSSWALK_ADMIN_TOKEN: token }
  await withAdmin({ ...terminal, env }, { ...options, output: 'text' }, async ({ client }) => {
    const { body: caller } = await client.call('whoami', {})
    const { profiles } = readProfiles(env)
    const server = options.server.replace(/\/$/, '')
    writeProfiles(env, { current: name, profiles: { ...profiles, [name]: { server, token } } })
    terminal.writeOut(sanitize(`✓ ${caller.id} (${caller.role}) at ${server}, profile ${name}`).concat('\n'))
  })
}

async function readNewToken(terminal: CommandTerminal): Promise<string> {
  if (!terminal.isStdinTerminal) return readStdin(terminal)
  return (await terminal.askSecret?.('Token of the admin API: ')) ?? ''
}

function logOut({ env, writeOut }: CommandTerminal, typed: string | undefined): void {
  const { current, profiles } = readProfiles(env)
  const name = typed ?? current
  if (name === undefined || !Object.hasOwn(profiles, name)) throw unknownProfile(name ?? 'default')
  const left = Object.fromEntries(Object.entries(profiles).filter(([one]) => one !== name))
  writeProfiles(env, { ...(current === undefined || current === name ? {} : { current }), profiles: left })
  writeOut(sanitize(`✓ profile ${name} deleted; its token is still valid at the server`).concat('\n'))
}

function list({ env, ...terminal }: CommandTerminal, output: OutputFormat): void {
  const { current, profiles } = readProfiles(env)
  const items = Object.entries(profiles).map(([name, { server }]) => ({
    name,
    server,
    current: name === current,
  }))
  if (output === 'json') return writeJson({ env, ...terminal }, { schema: 'crosswalk.profiles/v1', items })
  const rows = items.map((item) => [item.current ? '*' : '', item.name, item.server])
  terminal.writeOut(renderTable(['', 'name', 'server'], rows))
}

function use({ env, writeOut }: CommandTerminal, name: string): void {
  const stored = readProfiles(env)
  if (!Object.hasOwn(stored.profiles, name)) throw unknownProfile(name)
  writeProfiles(env, { ...stored, current: name })
  writeOut(sanitize(`✓ profile ${name}: ${stored.profiles[name]?.server}`).concat('\n'))
}

function unknownProfile(name: string): CliError {
  return new CliError(
    EXIT.notFound,
    sanitize(`no profile ${name}`),
    'see `npx crosswalk profile list`, or run `npx crosswalk login`',
  )
}
