// Commands that make one call to the admin API: arguments and options come from the route table, and each command only
// renders the response.
import { type AnswerTo, type Page, readPages, type Route, type RouteName, ROUTES } from '@crosswalk/admin-api'
import { type Command, Option } from 'commander'

import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import {
  addAdminOptions,
  type AdminCommand,
  type AdminOptions,
  overrideOption,
  parseLimit,
  withAdmin,
} from './admin-options.ts'
import { follow, type FollowSource, type FollowOptions } from './follow.ts'
import { sendOptions } from './name-options.ts'
import { resolveUser } from './resolve-user.ts'
import {
  addOptions,
  findOptions,
  listOptions,
  type OptionChanges,
  readOptions,
  type RouteOption,
  toArgument,
} from './route-options.ts'
import { sanitize } from './table.ts'
import { addListOptions, writeLines, writeList } from './write-list.ts'

type Members = Readonly<Record<string, unknown>>

interface Spec<N extends RouteName> {
  readonly verb: string
  readonly route: N
  readonly description: string
  /** Members whose option has a different name */
  readonly options?: OptionChanges
  /** Of JSON output: `crosswalk.block/v1` */
  readonly schema: string
}

export interface CallSpec<N extends RouteName> extends Spec<N> {
  readonly alias?: string
  /** Members passed as arguments, with their descriptions; path parameters always are */
  readonly arguments?: Readonly<Record<string, string>>
  /** Requires `--reason` although the route does not */
  readonly reasonRequired?: true
  /** Changes what policy tests check */
  readonly overridesTests?: true
  /** Added to the response in JSON output */
  readonly document?: Members
  /** Options that are not sent */
  readonly local?: readonly Option[]
  /** Checks the request before it is sent, and may add to it; @throws CliError if it must not be sent */
  prepare?(
    admin: AdminCommand,
    request: RouteRequest,
    options: Members,
  ): Promise<Partial<RouteRequest>> | undefined
  /** @returns lines for the terminal */
  render(answer: AnswerTo<N>, request: RouteRequest): readonly string[]
  /** @returns notes for standard error, one per line */
  note?(answer: AnswerTo<N>, terminal: CommandTerminal): readonly string[]
  /** @returns an exit code that reports a bad result */
  exit?(answer: AnswerTo<N>): number | undefined
}

export interface RouteRequest {
  readonly params: Readonly<Record<string, string>>
  /** Undefined if the route accepts none */
  readonly body: Members | undefined
  readonly ifMatch?: string
}

/** Adds a command that calls one route and shows its response. */
export function addCall<N extends RouteName>(
  group: Command,
  terminal: CommandTerminal,
  spec: CallSpec<N>,
): Command {
  const route: Route = ROUTES[spec.route]
  const named = spec.arguments ?? {}
  const names = [...new Set([...paramsOf(route), ...Object.keys(named)])]
  const command = group.command(spec.verb).description(spec.description)
  if (spec.alias !== undefined) command.alias(spec.alias)
  for (const name of names)
    command.addArgument(toArgument(route.body, name, named[name] ?? nameParam(route, name)))
  const options = listOptions(route.body, spec.options ?? {}, names)
  addOptions(command, options)
  if (route.reasonHeader === true) command.addOption(reasonOption(spec.reasonRequired === true))
  if (spec.overridesTests === true) command.addOption(overrideOption())
  for (const option of spec.local ?? []) command.addOption(option)
  addAdminOptions(command).action((...given: unknown[]) => {
    const typed = command.opts<AdminOptions & Members>()
    return withAdmin(terminal, typed, async (admin) => {
      const request = await readRequest(admin, route, { names, given, options, typed })
      const prepared = { ...request, ...(await spec.prepare?.(admin, request, typed)) }
      const inHeader = route.reasonHeader === true && typed['reason'] !== undefined
      const reason = inHeader ? { reason: String(typed['reason']) } : {}
      const { body } = await sendOptions(findOptions(options, names), () =>
        admin.client.call(spec.route, prepared as never, reason),
      )
      showAnswer(admin, spec, { body, request: prepared })
      const exitCode = spec.exit?.(body)
      if (exitCode !== undefined) terminal.endWith(exitCode)
    })
  })
  return command
}

function reasonOption(isRequired: boolean): Option {
  return new Option('--reason <text>', 'why, for the audit log').makeOptionMandatory(isRequired)
}

function paramsOf({ path }: Route): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}

function nameParam({ path }: Route, name: string): string {
  return name === 'id' && path.startsWith('/users/') ? 'id or user name' : name
}

interface Typed {
  readonly names: readonly string[]
  readonly given: readonly unknown[]
  readonly options: readonly RouteOption[]
  readonly typed: Members
}

async function readRequest(
  { client, terminal }: AdminCommand,
  route: Route,
  { names, given, options, typed }: Typed,
): Promise<RouteRequest> {
  const values = names.flatMap((name, index): [string, string][] =>
    typeof given[index] === 'string' ? [[name, given[index]]] : [],
  )
  const inPath = paramsOf(route)
  const params = Object.fromEntries(values.filter(([name]) => inPath.includes(name)))
  if (route.path.startsWith('/users/{id}')) params['id'] = await resolveUser(client, params['id'] ?? '')
  const body = Object.fromEntries(values.filter(([name]) => !inPath.includes(name)))
  if (route.body === undefined) return { params, body: undefined }
  const members = readOptions(options, typed, { nowMs: terminal.nowMs(), direction: 'ahead' })
  return { params, body: { ...body, ...members } }
}

function showAnswer<N extends RouteName>(
  { terminal, options }: AdminCommand,
  { schema, document, render, note }: CallSpec<N>,
  { body, request }: { readonly body: AnswerTo<N>; readonly request: RouteRequest },
): void {
  terminal.writeErr(joinLines(note?.(body, terminal) ?? []))
  // A response without a body confirms the deletion.
  if (options.output === 'json')
    writeJson(terminal, {
      schema,
      ...document,
      ...((body as Members | undefined) ?? { ...request.params, ended: true }),
    })
  else terminal.writeOut(joinLines(render(body, request)))
}

/** Line breaks within a value, such as a requester's reason, must not start another line. */
function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${sanitize(line)}\n`).join('')
}

type ItemOf<N extends RouteName> = AnswerTo<N> extends { readonly items: readonly (infer T)[] } ? T : never
type Columns<T> = Readonly<Record<string, (item: T) => unknown>>

export interface ListSpec<N extends RouteName> extends Omit<Spec<N>, 'verb'> {
  readonly verb?: string
  /** Filters passed as arguments, with their descriptions */
  readonly arguments?: Readonly<Record<string, string>>
  /** Default of `--limit` */
  readonly limit?: number
  readonly columns: Columns<ItemOf<N>>
  /** Renders an item as one line, instead of a table */
  readonly line?: (item: ItemOf<N>) => string
  /** Another list that certain options select */
  readonly instead?: AlternativeList
  /** @throws CliError for invalid combinations of options */
  check?(options: Members): void
  /** @returns an exit code that reports a bad result */
  exit?(items: readonly ItemOf<N>[]): number | undefined
}

/** A list that replaces the plain one, and when. */
export interface AlternativeList {
  readonly spec: ListSpec<RouteName>
  readonly when: (options: Members) => boolean
}

export function alternativeList<N extends RouteName>(
  spec: ListSpec<N>,
  when: AlternativeList['when'],
): AlternativeList {
  return { spec: spec as unknown as ListSpec<RouteName>, when }
}

/** Adds a command that lists the items of a route, with its filters as options. */
export function addList<N extends RouteName>(
  group: Command,
  terminal: CommandTerminal,
  spec: ListSpec<N>,
): void {
  const command = group.command(spec.verb ?? 'list').description(spec.description)
  const route: Route = ROUTES[spec.route]
  const named = spec.arguments ?? {}
  for (const name of [...paramsOf(route), ...Object.keys(named)])
    command.addArgument(toArgument(route.query, name, named[name] ?? nameParam(route, name)))
  const lists = [spec, ...(spec.instead === undefined ? [] : [spec.instead.spec])].map((it) => ({
    spec: it as unknown as ListSpec<RouteName>,
    filters: listOptions((ROUTES[it.route] as Route).query, it.options ?? {}, Object.keys(named)),
  }))
  for (const { filters } of lists) addOptions(command, filters)
  if (route.query !== undefined)
    command.option('--limit <number>', 'at most this many', parseLimit, spec.limit ?? 200)
  addListOptions(command, Object.keys(spec.columns), spec.line && 'text').action((...given: unknown[]) => {
    const typed = command.opts<AdminOptions & Members>()
    spec.check?.(typed)
    const chosen = spec.instead?.when(typed) === true ? lists[1] : lists[0]
    return withAdmin(terminal, typed, async (admin) => {
      if (chosen !== undefined) await writeItems(admin, chosen, { route, given, typed })
    })
  })
}

async function writeItems(
  admin: AdminCommand,
  { spec, filters }: { readonly spec: ListSpec<RouteName>; readonly filters: readonly RouteOption[] },
  {
    route,
    given,
    typed,
  }: { readonly route: Route; readonly given: readonly unknown[]; readonly typed: Members },
): Promise<void> {
  const inPath = paramsOf(route)
  const params = Object.fromEntries(inPath.map((name, index) => [name, String(given[index])]))
  const query = {
    ...Object.fromEntries(
      Object.keys(spec.arguments ?? {}).map((name, at) => [name, given[inPath.length + at]]),
    ),
    ...readOptions(filters, typed, { nowMs: admin.terminal.nowMs(), direction: 'ago' }),
  }
  if (route.path.startsWith('/users/{id}')) params['id'] = await resolveUser(admin.client, params['id'] ?? '')
  const limit = Number(typed['limit'] ?? Number.POSITIVE_INFINITY)
  const { items, truncated, unreadable } = await readPages<Members>(limit, async (page) => {
    const request = {
      ...(inPath.length === 0 ? {} : { params }),
      ...(route.query === undefined ? {} : { query: { ...query, ...page } }),
    }
    const { body } = await sendOptions(findOptions(filters, Object.keys(spec.arguments ?? {})), () =>
      admin.client.call(spec.route, request as never),
    )
    return { next: null, ...(body as unknown as { readonly items: readonly Members[] }) }
  })
  for (const { collection, id, problem } of unreadable)
    admin.terminal.writeErr(
      `${sanitize(`missing: ${collection}/${id}, which the server cannot read: ${problem}`)}\n`,
    )
  if (typed['output'] === 'text' && typed['columns'] === undefined && spec.line !== undefined)
    return writeLines(admin.terminal, items.map(spec.line as (item: Members) => string), truncated)
  const columns = Object.entries(spec.columns as Columns<Members>)
  const rows = items.map((item) => columns.map(([, read]) => toCell(read(item))))
  const headings = columns.map(([heading]) => heading)
  writeList(admin, { schema: spec.schema, items, truncated, headings, rows })
  const exitCode = (spec.exit as ((items: readonly Members[]) => number | undefined) | undefined)?.(items)
  if (exitCode !== undefined) admin.terminal.endWith(exitCode)
}

function toCell(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return Array.isArray(value) ? value.join(' ') : String(value as string | number | boolean)
}

export interface TailSpec<N extends RouteName> extends Omit<FollowSource<ItemOf<N>>, 'read' | 'deliver'> {
  readonly verb?: string
  readonly route: N
  readonly description: string
  readonly options?: OptionChanges
  /** Options that are not sent */
  readonly local?: readonly Option[]
  /** Called once before following; @throws CliError for invalid options. @returns where new items go */
  prepareDelivery?(typed: Members): Promise<FollowSource<ItemOf<N>>['deliver']>
}

/** Adds a command that follows the list of a route. */
export function addTail<N extends RouteName>(
  group: Command,
  terminal: CommandTerminal,
  { verb = 'tail', route, description, options = {}, local = [], ...followed }: TailSpec<N>,
): Command {
  // What is followed has no end, and its start is a position.
  const filters = listOptions((ROUTES[route] as Route).query, { ...options, since: null, until: null })
  const command = addOptions(group.command(verb).description(description), filters)
  for (const option of local) command.addOption(option)
  command.option('--since <moment>', 'start at this time; RFC 3339, or an age such as 2h; default: now')
  command.option('--for <seconds>', 'how long; until Ctrl-C by default', parseLimit)
  return addAdminOptions(command).action((typed: AdminOptions & FollowOptions & Members) =>
    withAdmin(terminal, typed, async ({ client }) => {
      const deliver = await followed.prepareDelivery?.(typed)
      await follow(terminal, typed, {
        ...followed,
        ...(deliver === undefined ? {} : { deliver }),
        async read(page) {
          const given = readOptions(filters, typed, { nowMs: terminal.nowMs(), direction: 'ago' })
          const { body } = await sendOptions(findOptions(filters), () =>
            client.call(route, { query: { ...given, ...page } } as never),
          )
          return body as unknown as Page<ItemOf<N>>
        },
      })
    }),
  )
}
