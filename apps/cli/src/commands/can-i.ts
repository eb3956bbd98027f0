// `crosswalk whoami` and `can-i`: check what the current token permits before trying it. The server decides by role;
// objects owned by the configuration file are also reported as not changeable.
import { COLLECTION_NAMES, type Collection, type Role, type Route, ROUTES } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminCommand, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addCanICommands(program: Command, terminal: CommandTerminal): void {
  const whoami = program.command('whoami').description('show the id and role of your token')
  addAdminOptions(whoami).action((options: AdminOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      const { body } = await client.call('whoami', {})
      if (options.output === 'json') return writeJson(terminal, { schema: 'crosswalk.whoami/v1', ...body })
      const about = body.apps === undefined ? '' : ` for ${body.apps.join(', ')}`
      const may = `may call ${body.routes.length} of ${Object.keys(ROUTES).length} routes`
      terminal.writeOut(`${sanitize(`${body.id} is ${body.role}${about}`)}; ${may}\n`)
    }),
  )
  const canI = program
    .command('can-i')
    .description('check whether your token permits something; exit code 3 if not')
    .argument('<action>', 'for example suspend, create, approve, simulate, kill')
    .argument('[object]', 'the object: connections, or one as connection/agent0-todo0')
  addAdminOptions(canI).action((action: string, object: string | undefined, options: AdminOptions) =>
    withAdmin(terminal, options, (admin) => answer(admin, findAsked(action, object))),
  )
}

interface Asked {
  /** Name in the route table */
  readonly name: keyof typeof ROUTES
  readonly route: Route
  /** Undefined matches any object. */
  readonly id: string | undefined
}

/** Command line words whose API names differ. */
const OBJECT_WORDS: Readonly<Record<string, string>> = {
  policy: 'policies',
  resource: 'resource-apps',
  request: 'access-requests',
}
const ACTION_WORDS: Readonly<Record<string, string>> = {
  show: 'read',
  see: 'read',
  update: 'change',
  kill: 'kill.press',
  apply: 'configuration.apply',
  export: 'configuration.export',
  'what-can': 'reach.what',
  'who-can': 'reach.who',
  matrix: 'simulate.matrix',
}

function findAsked(action: string, object: string | undefined): Asked {
  const [noun = '', ...rest] = object?.split('/') ?? []
  const verb = ACTION_WORDS[action] ?? action
  const word = OBJECT_WORDS[noun] ?? noun
  const names = object === undefined ? [verb] : [`${word}.${verb}`, `${word}s.${verb}`]
  const name = names.find((one): one is keyof typeof ROUTES => Object.hasOwn(ROUTES, one))
  if (name === undefined) throw unknownAction(action, object, [word, `${word}s`])
  return { name, route: ROUTES[name], id: rest.length === 0 ? undefined : rest.join('/') }
}

function unknownAction(action: string, object: string | undefined, words: readonly string[]): CliError {
  const all = Object.keys(ROUTES).filter((name) => name.includes('.'))
  const known = all.filter((name) => words.includes(name.slice(0, name.indexOf('.'))))
  const choices =
    known.length > 0
      ? `choose one of ${known.map((name) => name.slice(name.indexOf('.') + 1)).join(', ')}`
      : `name one of ${[...new Set(all.map((name) => name.slice(0, name.indexOf('.'))))].join(', ')}`
  const asked = object === undefined ? action : `${action} ${object}`
  return new CliError(EXIT.usage, `${asked} is not an action`, choices)
}

async function answer({ client, terminal, options }: AdminCommand, asked: Asked): Promise<void> {
  const { body: caller } = await client.call('whoami', {})
  const isPermitted = asked.route.roles.length === 0 || caller.routes.includes(asked.name)
  const reason = isPermitted
    ? await findObstacle({ client }, asked)
    : `${caller.role} may not; it requires one of ${asked.route.roles.join(', ')}`
  const allowed = reason === undefined
  if (options.output === 'json')
    writeJson(terminal, {
      schema: 'crosswalk.can-i/v1',
      allowed,
      route: asked.name,
      role: caller.role satisfies Role,
      roles: asked.route.roles,
      ...(allowed ? {} : { reason }),
    })
  else terminal.writeOut(`${sanitize(allowed ? `✓ yes, as ${caller.role}` : `✕ no: ${reason}`)}\n`)
  if (!allowed) terminal.endWith(EXIT.negative)
}

const CHANGES = ['change', 'replace', 'delete']

/** Assumes that the role permits the action. @returns why this object still cannot be changed, if so */
async function findObstacle(
  { client }: Pick<AdminCommand, 'client'>,
  { name, id }: Asked,
): Promise<string | undefined> {
  const [collection = '', verb = ''] = name.split('.')
  if (id === undefined || !isCollection(collection)) return undefined
  const { body } = await client.call(`${collection}.read`, { params: { id } })
  const isOfFile = (body as { readonly owner: string }).owner === 'file'
  return isOfFile && CHANGES.includes(verb)
    ? `${collection}/${id} is owned by the configuration file; change it there`
    : undefined
}

function isCollection(text: string): text is Collection {
  return (COLLECTION_NAMES as readonly string[]).includes(text)
}
