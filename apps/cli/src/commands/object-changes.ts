// `create`, `update` and `delete` of definitions, from a file in the form of the configuration or by options for common
// changes. A change applies only to the revision that was read.
import { type AnswerTo, type Collection, COLLECTIONS, nameOne, type RouteName } from '@crosswalk/admin-api'
import { type Assignments, toCommandLine } from '@crosswalk/protocol'
import type { Command } from 'commander'

import {
  addAdminOptions,
  type AdminCommand,
  type AdminOptions,
  overrideOption,
  withAdmin,
} from '../admin/admin-options.ts'
import { askConsent } from '../admin/consent.ts'
import { nameOptions } from '../admin/name-options.ts'
import { resolveUser } from '../admin/resolve-user.ts'
import { showObject } from '../admin/show-object.ts'
import { sanitize } from '../admin/table.ts'
import { warnOfUnknownGroups } from '../admin/warn-of-unknown-groups.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { discoverResource } from '../objects/discover-resource.ts'
import { addFlags, findFlags, joinMembers, type Members } from '../objects/flags.ts'
import { type ObjectFile, readObjectFile } from '../objects/read-object-file.ts'
import { count, writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface About {
  readonly name: string
  readonly collection: Collection
}
type ChangeOptions = AdminOptions & Members & { readonly file?: string; readonly reason?: string }
type CreateOptions = ChangeOptions & { readonly discover?: string }
type UpdateOptions = ChangeOptions & { readonly replace?: true }
type DeleteOptions = AdminOptions & { readonly reason?: string; readonly yes?: true }

const USER_OPTIONS = ['user', 'owners']
const FILE = 'the object, YAML or JSON with ${VARIABLES}; - for standard input'

export function addChanges(group: Command, about: About, terminal: CommandTerminal): void {
  const { collection } = about
  const one = nameOne(COLLECTIONS[collection])
  const create = group
    .command('create')
    .description(`create ${one}`)
    .argument('[id]', 'id; generated unless given here or in the file')
    .option('-f, --file <file>', FILE)
  if (collection === 'resource-apps')
    create.option('--discover <url>', 'read name, issuer, resource and scopes from what this API publishes')
  addAdminOptions(addReason(addFlags(create, collection, 'create'))).action(
    (id: string | undefined, options: CreateOptions) =>
      withAdmin(terminal, options, (admin) => createObject(admin, { ...about, id }, options)),
  )
  const update = group
    .command('update')
    .description(`change properties of ${one}; null in the file removes a property`)
    .argument('<id>', describeId(collection))
    .option('-f, --file <file>', FILE)
    .option('--replace', 'replace the whole object: properties that the file omits are removed')
  addAdminOptions(addReason(addFlags(update, collection, 'update'))).action(
    (id: string, options: UpdateOptions) =>
      withAdmin(terminal, options, async (admin) =>
        updateObject(admin, { ...about, id: await resolveId(admin, collection, id) }, options),
      ),
  )
  const remove = group
    .command('delete')
    .description(`delete ${one}; history is kept, and \`restore\` undoes it`)
    .argument('<id>', describeId(collection))
    .option('--yes', 'delete without asking')
  addAdminOptions(addReason(remove)).action((id: string, options: DeleteOptions) =>
    withAdmin(terminal, options, async (admin) =>
      deleteObject(admin, { ...about, id: await resolveId(admin, collection, id) }, options),
    ),
  )
}

function describeId(collection: Collection): string {
  return collection === 'users' ? 'id or user name' : 'id'
}

function addReason(command: Command): Command {
  return command.option('--reason <text>', 'why, for the audit log').addOption(overrideOption())
}

function resolveId(
  { client }: AdminCommand,
  collection: Collection,
  typed: string,
): Promise<string> | string {
  return collection === 'users' ? resolveUser(client, typed) : typed
}

/** Resolves the user names in options to ids. */
async function resolveMembers({ client }: AdminCommand, options: ChangeOptions): Promise<ChangeOptions> {
  const resolved = Object.entries(options).map(async ([name, value]) =>
    USER_OPTIONS.includes(name) && Array.isArray(value)
      ? [name, await Promise.all(value.map((it: string) => resolveUser(client, it)))]
      : [name, value],
  )
  return Object.fromEntries(await Promise.all(resolved)) as ChangeOptions
}

/** Calls a route by a computed name: every collection has the same routes. */
function call(
  { client }: Pick<AdminCommand, 'client'>,
  route: string,
  request: object,
  reason: string | undefined,
) {
  type Shown = AnswerTo<'apps.read'> & Members
  const more = reason === undefined ? {} : { reason }
  return client.call(route as RouteName, request as never, more) as unknown as Promise<{
    readonly body: Shown
    readonly etag: string | undefined
  }>
}

async function createObject(
  admin: AdminCommand,
  { name, collection, id }: About & { readonly id: string | undefined },
  options: CreateOptions,
): Promise<void> {
  const file = await readObjectFile(admin.terminal, options.file)
  const { discover } = options
  const known =
    discover === undefined ? file.members : { ...(await discoverResource(admin, discover)), ...file.members }
  const members = joinMembers(collection, known, await resolveMembers(admin, options), admin.terminal.nowMs())
  if (members === undefined) throw nothingGiven('create', name)
  const body = id === undefined ? members : { ...members, id }
  const send = () => call(admin, `${collection}.create`, { body }, options.reason)
  const made = await explained(send, { file, collection, verb: 'create', options })
  showObject(admin, name, made.body)
  for (const hint of listHints(admin, name, made.body as Created)) admin.terminal.writeErr(`${hint}\n`)
  await warnOfUnknownGroups(admin, made.body.assignments as Assignments | undefined)
}

interface Created {
  readonly id?: string
  readonly auth?: { readonly secret?: string }
  readonly status?: string
  readonly assignments?: Assignments
}

/** @returns what a new object still needs before it works */
function listHints({ terminal }: AdminCommand, name: string, created: Created): readonly string[] {
  const { id = '', auth, status, assignments } = created
  const update = (change: string) =>
    terminal.suggest(`${toCommandLine(name, 'update', id)} ${change} --reason …`)
  const hasNoUser =
    assignments?.everyone === false && assignments.users.length + assignments.groups.length === 0
  return [
    ...(auth?.secret === undefined ? [] : ['the secret is shown only once; store it now']),
    ...(hasNoUser ? [`no user is assigned; assign a group with: ${update('--group …')}`] : []),
    ...(status === 'draft'
      ? [`a draft issues no tokens; activate it with: ${update('--status active')}`]
      : []),
  ]
}

async function updateObject(
  admin: AdminCommand,
  { name, collection, id }: About & { readonly id: string },
  options: UpdateOptions,
): Promise<void> {
  const file = await readObjectFile(admin.terminal, options.file)
  const body = joinMembers(
    collection,
    file.members,
    await resolveMembers(admin, options),
    admin.terminal.nowMs(),
  )
  if (body === undefined) throw nothingGiven('update', name)
  if (options.replace === true && file.members === undefined)
    throw new CliError(EXIT.usage, '--replace needs the whole object', 'add --file')
  const { body: current, etag } = await call(admin, `${collection}.read`, { params: { id } }, undefined)
  if (file.revision !== undefined && file.revision !== current.revision)
    throw new CliError(
      EXIT.conflict,
      `${name} ${id} was changed since the file was written; nothing was changed`,
      `see \`npx crosswalk ${name} history ${id}\`, update the file, and try again`,
      { code: 'stale', why: `the file has revision ${file.revision}, the server ${current.revision}` },
    )
  const verb = options.replace === true ? 'replace' : 'change'
  const request = { params: { id }, body, ifMatch: etag }
  const send = () => call(admin, `${collection}.${verb}`, request, options.reason)
  const changed = await explained(send, { file, collection, verb: 'update', options })
  showObject(admin, name, changed.body)
  if ('assignments' in body) await warnOfUnknownGroups(admin, changed.body.assignments as Assignments)
}

async function deleteObject(
  admin: AdminCommand,
  { name, collection, id }: About & { readonly id: string },
  options: DeleteOptions,
): Promise<void> {
  const { terminal } = admin
  const { etag } = await call(admin, `${collection}.read`, { params: { id } }, undefined)
  const what = sanitize(`${name} ${id} would be deleted${await describeUse(admin, collection, id)}`)
  const reason = await askConsent(terminal, options, { what, word: id })
  await call(admin, `${collection}.delete`, { params: { id }, ifMatch: etag }, reason)
  if (options.output === 'json')
    writeJson(terminal, { schema: 'crosswalk.deletion/v1', collection, id, deleted: true })
  else terminal.writeOut(sanitize(`✓ ${name} ${id} deleted`).concat('\n'))
}

/** How many users or connections the deletion affects. */
async function describeUse({ client }: AdminCommand, collection: Collection, id: string): Promise<string> {
  if (collection === 'connections') {
    const [facts] = (await client.call('connections.facts', { query: { ids: id } })).body.items
    return facts === undefined
      ? ''
      : `, ${count(facts.people, 'user')}, last used ${facts.lastUsedAt ?? 'never'}`
  }
  if (collection !== 'apps') return ''
  const [facts] = (await client.call('apps.facts', { query: { ids: id } })).body.items
  return facts === undefined
    ? ''
    : `, ${count(facts.connections, 'connection')}, last used ${facts.lastUsedAt ?? 'never'}`
}

interface Sent {
  readonly file: ObjectFile
  readonly collection: Collection
  readonly verb: 'create' | 'update'
  readonly options: ChangeOptions
}

/** Names what the user typed in problems: the option, otherwise the line of the file. */
async function explained<T>(send: () => Promise<T>, { file, collection, verb, options }: Sent): Promise<T> {
  try {
    return await send()
  } catch (error) {
    const typed = file.members === undefined ? undefined : options
    throw file.explain(nameOptions(error, findFlags(collection, verb, typed)))
  }
}

function nothingGiven(verb: 'create' | 'update', name: string): CliError {
  const what = verb === 'create' ? `nothing known about the new ${name}` : 'nothing to change'
  return new CliError(
    EXIT.usage,
    what,
    `add --file, or options: see \`npx crosswalk ${name} ${verb} --help\``,
  )
}
