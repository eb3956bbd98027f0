// Derives the options of a command from the schema of its route: names, choices, defaults and which are required.
// Commands specify only what differs.
import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import type { z } from 'zod'

import { spellCode } from '../spell-code.ts'
import { parseAddress, parseMoment } from './admin-options.ts'
import { type FindOption, isWithin } from './name-options.ts'

export interface OptionChange {
  readonly flags?: string
  readonly description?: string
  readonly required?: true
  /** Converts the typed text @throws InvalidArgumentError */
  readonly parse?: (typed: string) => unknown
}

/** By member name: a description, several changes, or null if it is not an option. */
export type OptionChanges = Readonly<Record<string, OptionChange | string | null>>

export interface RouteOption {
  readonly member: string
  readonly option: Option
  read(typed: unknown, when: DurationContext): unknown
}

/** Durations such as `30d` count back from now in list filters, and ahead in definitions. */
export interface DurationContext {
  readonly nowMs: number
  readonly direction: 'ago' | 'ahead'
}

interface Member {
  readonly kind: 'text' | 'number' | 'flag' | 'moment' | 'list'
  readonly choices: readonly string[] | undefined
  readonly description: string | undefined
  readonly isRequired: boolean
  readonly fallback: unknown
}

const splitWords = (typed: string): readonly string[] => typed.split(/\s+/).filter(Boolean)

/** The same names and meanings in every command. */
const COMMON: OptionChanges = {
  cursor: null,
  ids: null,
  limit: null,
  reason: 'why, for the audit log',
  q: 'text in the id or name',
  user: { flags: '--user <id-or-name>', description: 'the user' },
  app: { flags: '--app <id>', description: 'the requesting app' },
  resourceApp: { flags: '--resource-app <id>', description: 'the resource app' },
  connection: { flags: '--connection <id>', description: 'the connection' },
  group: { flags: '--group <name>' },
  issuer: { flags: '--issuer <issuer>' },
  scopes: { flags: '--scope <scopes>', description: 'scopes, separated by spaces', parse: splitWords },
  since: 'since this time; RFC 3339, or an age such as 2h',
  until: 'until this time',
  code: {
    flags: '--code <code>',
    description: 'decision code, or its first digits such as XAA15',
    parse: spellCode,
  },
  at: 'when; default: now',
  acr: { flags: '--acr <acr>', description: 'how the user signed in' },
  authTime: 'when the user signed in; default: now',
  dpop: 'with a DPoP proof',
  ip: { flags: '--ip <address>', description: 'where the request comes from', parse: parseAddress },
  asOf: 'by the stored definitions at this time; RFC 3339, or an age such as 2d',
}

export function listOptions(
  schema: z.ZodType | undefined,
  changes: OptionChanges,
  besides: readonly string[] = [],
): readonly RouteOption[] {
  return Object.entries(shapeOf(schema)).flatMap(([name, memberSchema]) => {
    const change = changes[name] === undefined ? COMMON[name] : changes[name]
    if (change === null || besides.includes(name)) return []
    return [
      toOption(name, readMember(memberSchema), typeof change === 'string' ? { description: change } : change),
    ]
  })
}

export function addOptions(command: Command, options: readonly RouteOption[]): Command {
  for (const { option } of options) command.addOption(option)
  return command
}

/** Turns a member into an argument instead of an option. */
export function toArgument(schema: z.ZodType | undefined, name: string, description: string): Argument {
  const memberSchema = shapeOf(schema)[name]
  const { isRequired, choices } = memberSchema === undefined ? REQUIRED_TEXT : readMember(memberSchema)
  const argument = new Argument(isRequired ? `<${name}>` : `[${name}]`, description)
  return choices === undefined ? argument : argument.choices([...choices])
}

/** @param names - members that are arguments */
export function findOptions(options: readonly RouteOption[], names: readonly string[] = []): FindOption {
  return (pointer) => {
    const name = names.find((it) => isWithin(pointer, `/${it}`))
    const found = options.find(({ member }) => isWithin(pointer, `/${member}`))
    return name === undefined ? found?.option.long : `<${name}>`
  }
}

/** @returns the members that the typed options set */
export function readOptions(
  options: readonly RouteOption[],
  typed: Readonly<Record<string, unknown>>,
  when: DurationContext,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    options.flatMap(({ member, option, read }) => {
      const value = typed[option.attributeName()]
      return value === undefined ? [] : [[member, read(value, when)]]
    }),
  )
}

function toOption(name: string, member: Member, change: OptionChange = {}): RouteOption {
  const { kind, choices, fallback } = member
  const { flags = defaultFlags(name, member), description = member.description ?? '', parse } = change
  const option = new Option(flags, toPhrase(description))
  if (choices !== undefined) option.choices([...choices])
  else if (parse !== undefined)
    option.argParser((text: string, before: unknown) => collect(parse(text), before))
  else if (kind === 'number') option.argParser(parseWholeNumber)
  if (fallback !== undefined && kind !== 'flag') option.default(fallback)
  else if (member.isRequired || change.required === true) option.makeOptionMandatory()
  return {
    member: name,
    option,
    read: (typed, { nowMs, direction }) =>
      kind === 'moment' && typeof typed === 'string' ? parseMoment(typed, nowMs, direction) : typed,
  }
}

/** Descriptions of a schema are sentences, those of options begin in lower case; an abbreviation stays. */
function toPhrase(description: string): string {
  return description.replace(/\.$/, '').replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase())
}

/** Commander parses the values of a multi-value option one by one. */
function collect(parsed: unknown, before: unknown): unknown {
  return Array.isArray(parsed) && Array.isArray(before) ? [...(before as unknown[]), ...parsed] : parsed
}

/** `removeUsers` → `--remove-user <ids...>` */
function defaultFlags(name: string, { kind, choices }: Member): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  switch (kind) {
    case 'flag':
      return `--${words}`
    case 'list':
      return `--${words.replace(/s$/, '')} <ids...>`
    case 'moment':
      return `--${words.replace(/-at$/, '')} <moment>`
    case 'number':
      return `--${words} <number>`
    case 'text':
      return `--${words} <${choices === undefined ? 'text' : words}>`
  }
}

function parseWholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Write a whole number.')
  return Number(text)
}

const REQUIRED_TEXT: Member = {
  kind: 'text',
  choices: undefined,
  description: undefined,
  isRequired: true,
  fallback: undefined,
}

/** The parts of a schema that are read here. */
interface Inner {
  readonly description?: string | undefined
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly options?: readonly unknown[]
  readonly def: {
    readonly type: string
    readonly format?: string
    readonly innerType?: Inner
    readonly in?: Inner
    readonly defaultValue?: unknown
  }
}

function shapeOf(schema: z.ZodType | undefined): Readonly<Record<string, z.ZodType>> {
  return (schema as unknown as Inner | undefined)?.shape ?? {}
}

function readMember(schema: z.ZodType): Member {
  let inner = schema as unknown as Inner
  let { description } = inner
  let isRequired = true
  let fallback: unknown
  for (;;) {
    const { type, innerType, in: input, defaultValue } = inner.def
    if (type === 'optional' || type === 'default') isRequired = false
    if (type === 'default') fallback = defaultValue
    const next = innerType ?? input
    if (next === undefined) break
    inner = next
    description ??= inner.description
  }
  const choices = inner.def.type === 'enum' ? (inner.options as readonly string[]) : undefined
  return { kind: kindOf(inner), choices, description, isRequired, fallback }
}

function kindOf({ def: { type, format }, options = [] }: Inner): Member['kind'] {
  if (type === 'boolean') return 'flag'
  if (type === 'number') return 'number'
  if (type === 'array') return 'list'
  // In queries, numbers and booleans may also be text.
  if (type === 'union') {
    const kinds = options.map((option) => kindOf(option as Inner))
    return kinds.find((kind) => kind !== 'text') ?? 'text'
  }
  return format === 'datetime' ? 'moment' : 'text'
}
