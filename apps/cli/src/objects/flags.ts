// Options of `create` and `update` for the commonly changed members of objects. Other members are set in a file.
import type { Collection } from '@crosswalk/admin-api'
import { type Command, Option } from 'commander'
import { isObject, zApp, zConnection, zPolicy } from '@crosswalk/protocol'

import { parseMoment } from '../admin/admin-options.ts'
import { type FindOption, isWithin } from '../admin/name-options.ts'

export type Members = Readonly<Record<string, unknown>>

interface Flag {
  readonly option: Option
  /** Only for `create`: changing it later would require other changes */
  readonly onlyCreate?: true
  /** Converts the value to a merge patch of the object */
  toMembers(value: unknown, nowMs: number): Members
}

const flag = (flags: string, description: string, toMembers: Flag['toMembers']): Flag => ({
  option: new Option(flags, description),
  toMembers,
})
const choice = (flags: string, description: string, member: string, choices: readonly string[]): Flag => ({
  option: new Option(flags, description).choices([...choices]),
  toMembers: (value) => ({ [member]: value }),
})
/** An option that sets one member. */
const plain = (flags: string, description: string, member: string): Flag =>
  flag(flags, description, (value) => ({ [member]: value }))

const NAME = plain('--name <text>', 'display name', 'name')
const ACTIVE = [
  flag('--active', 'enable it', () => ({ active: true })),
  flag('--inactive', 'disable it: every request is denied', () => ({ active: false })),
]
const ASSIGNMENTS = [
  flag('--user <ids-or-names...>', 'all assigned users', (users) => ({ assignments: { users } })),
  flag('--group <names...>', 'all assigned groups', (groups) => ({ assignments: { groups } })),
  flag('--everyone', 'assign it to every user', () => ({ assignments: { everyone: true } })),
]
const METHODS = ['client_secret_basic', 'client_secret_post', 'none']

const FLAGS: Partial<Record<Collection, readonly Flag[]>> = {
  apps: [
    NAME,
    choice('--kind <kind>', 'kind of app', 'kind', zApp.shape.kind.options),
    plain('--purpose <text>', 'what the app is for', 'purpose'),
    plain('--redirect-uri <uris...>', 'all redirect URIs', 'redirectUris'),
    {
      option: new Option(
        '--auth <method>',
        'client authentication; a secret is created and shown once',
      ).choices(METHODS),
      onlyCreate: true,
      toMembers: (method) => ({ auth: { method } }),
    },
    plain('--id-token-ttl <seconds>', 'lifetime of its ID tokens', 'idTokenTtlSeconds'),
    plain(
      '--max-token-age <seconds>',
      'maximum age of an ID token that it exchanges',
      'maxSubjectTokenAgeSeconds',
    ),
    plain('--service-of <id>', 'the resource app whose API it is', 'serviceOf'),
    plain('--owners <ids-or-names...>', 'all users who own it', 'owners'),
    ...ASSIGNMENTS,
    ...ACTIVE,
  ],
  'resource-apps': [
    NAME,
    plain('--issuer <issuer>', 'issuer of its authorization server', 'issuer'),
    plain('--subject <source>', 'what `sub` is: user.id, user.email, pairwise …', 'subject'),
    ...ASSIGNMENTS,
    ...ACTIVE,
  ],
  connections: [
    plain('--app <id>', 'the requesting app', 'app'),
    plain('--resource-app <id>', 'the resource app', 'resourceApp'),
    choice(
      '--subject <kind>',
      'who the app acts for: users, or itself as a workload',
      'subject',
      zConnection.shape.subject.unwrap().options,
    ),
    plain('--client-id <id>', "the app's client id at the resource's authorization server", 'clientId'),
    plain('--resource <uris...>', 'all resources it covers', 'resources'),
    plain('--scope <scopes...>', 'all scopes it covers', 'scopes'),
    ...ASSIGNMENTS,
    choice(
      '--status <status>',
      'its status; only an active connection issues tokens',
      'status',
      zConnection.shape.status.unwrap().options,
    ),
    flag('--window <window>', 'when it can be used: "Mon-Fri 07:00-20:00 Europe/Berlin"', (window) => ({
      conditions: { window },
    })),
    flag(
      '--expires <moment>',
      'when it expires; RFC 3339, or a time from now such as 90d',
      (moment, nowMs) => ({
        expiresAt: typeof moment === 'string' ? parseMoment(moment, nowMs, 'ahead') : moment,
      }),
    ),
  ],
  users: [
    plain('--username <name>', 'user name for sign-in', 'username'),
    NAME,
    plain('--email <address>', 'e-mail address', 'email'),
    plain('--group <names...>', 'all groups of the user', 'groups'),
    ...ACTIVE,
  ],
  policies: [
    plain('--description <text>', 'why it exists', 'description'),
    choice('--state <state>', 'its state', 'state', zPolicy.shape.state.unwrap().options),
  ],
}

export function addFlags(command: Command, collection: Collection, verb: 'create' | 'update'): Command {
  for (const { option, onlyCreate } of FLAGS[collection] ?? [])
    if (verb === 'create' || onlyCreate !== true) command.addOption(option)
  return command
}

/**
 * @param onlyTyped - the options of the command, if members may come from a file as well: then only those that were typed
 *   are found
 */
export function findFlags(
  collection: Collection,
  verb: 'create' | 'update',
  onlyTyped?: Readonly<Record<string, unknown>>,
): FindOption {
  const flags = (FLAGS[collection] ?? [])
    .filter(({ onlyCreate }) => verb === 'create' || onlyCreate !== true)
    .filter(({ option }) => onlyTyped === undefined || onlyTyped[option.attributeName()] !== undefined)
    .map(({ option, toMembers }) => ({ name: option.long ?? '', member: pointerTo(toMembers(undefined, 0)) }))
  return (pointer) => {
    const exact = flags.find(({ member }) => isWithin(pointer, member))
    if (exact !== undefined) return exact.name
    // An object that is missing, such as `/auth`, if one flag sets all that is known of it.
    const inner = flags.filter(({ member }) => isWithin(member, pointer))
    return inner.length === 1 ? inner[0]?.name : undefined
  }
}

/** The member that a merge patch sets: `/auth/method` */
function pointerTo(patch: Members): string {
  const [[name, value] = ['', undefined]] = Object.entries(patch)
  return `/${name}${isObject(value) ? pointerTo(value) : ''}`
}

/** @returns the members of the file, overridden by options; undefined if neither sets any */
export function joinMembers(
  collection: Collection,
  file: Members | undefined,
  options: Readonly<Record<string, unknown>>,
  nowMs: number,
): Members | undefined {
  const fromFlags = (FLAGS[collection] ?? []).flatMap(({ option, toMembers }) => {
    const value = options[option.attributeName()]
    return value === undefined ? [] : [toMembers(value, nowMs)]
  })
  if (file === undefined && fromFlags.length === 0) return undefined
  return fromFlags.reduce(merge, file ?? {})
}

function merge(target: Members, members: Members): Members {
  const merged = Object.entries(members).map(([name, value]) => {
    const known = target[name]
    return [name, isObject(value) && isObject(known) ? { ...known, ...value } : value]
  })
  return { ...target, ...(Object.fromEntries(merged) as Members) }
}
