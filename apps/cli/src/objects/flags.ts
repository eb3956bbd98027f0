// The everyday members of what is defined, as options of `create` and `update`. Everything else stands in a file.
import type { Collection } from '@crosswalk/admin-api'
import { type Command, Option } from 'commander'

export type Members = Readonly<Record<string, unknown>>

interface Flag {
  readonly option: Option
  /** Only where there is nothing yet with which it would have to fit */
  readonly onlyCreate?: true
  /** What it says about the object, as a merge patch */
  toMembers(value: unknown): Members
}

const flag = (flags: string, description: string, toMembers: Flag['toMembers']): Flag => ({
  option: new Option(flags, description),
  toMembers,
})
const choice = (flags: string, description: string, member: string, choices: readonly string[]): Flag => ({
  option: new Option(flags, description).choices([...choices]),
  toMembers: (value) => ({ [member]: value }),
})
/** An option that says what one member is. */
const plain = (flags: string, description: string, member: string): Flag =>
  flag(flags, description, (value) => ({ [member]: value }))

const NAME = plain('--name <text>', 'name shown to people', 'name')
const ACTIVE = [
  flag('--active', 'it may be used', () => ({ active: true })),
  flag('--inactive', 'it is kept, and refused everything', () => ({ active: false })),
]
const ASSIGNMENTS = [
  flag('--user <ids-or-names...>', 'all users it is for', (users) => ({ assignments: { users } })),
  flag('--group <names...>', 'all groups it is for', (groups) => ({ assignments: { groups } })),
  flag('--everyone', 'it is for everybody', () => ({ assignments: { everyone: true } })),
]
const METHODS = ['client_secret_basic', 'client_secret_post', 'none']

const FLAGS: Partial<Record<Collection, readonly Flag[]>> = {
  apps: [
    NAME,
    choice('--kind <kind>', 'what sort of app it is', 'kind', ['agent', 'web', 'service']),
    plain('--redirect-uri <uris...>', 'all places where sign-in may return to', 'redirectUris'),
    {
      option: new Option(
        '--auth <method>',
        'how it proves who it is; a secret is made and shown once',
      ).choices(METHODS),
      onlyCreate: true,
      toMembers: (method) => ({ auth: { method } }),
    },
    plain(
      '--max-token-age <seconds>',
      'how old an ID token may be that it exchanges',
      'maxSubjectTokenAgeSeconds',
    ),
    plain('--owners <ids...>', 'ids of all people who answer for it', 'owners'),
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
    plain('--client-id <id>', "the app's client id at the resource's authorization server", 'clientId'),
    plain('--resource <uris...>', 'all resources it reaches', 'resources'),
    plain('--scope <scopes...>', 'all scopes it may be given', 'scopes'),
    ...ASSIGNMENTS,
    choice('--status <status>', 'only over an active one anything is issued', 'status', [
      'draft',
      'active',
      'report-only',
      'suspended',
    ]),
    flag('--window <window>', 'when it may be used: "Mon-Fri 07:00-20:00 Europe/Berlin"', (window) => ({
      conditions: { window },
    })),
    plain('--expires <moment>', 'it ends at this moment; RFC 3339', 'expiresAt'),
  ],
  users: [
    plain('--username <name>', 'what the person types to sign in', 'username'),
    NAME,
    plain('--email <address>', 'e-mail address', 'email'),
    plain('--group <names...>', 'all groups the person is in', 'groups'),
    ...ACTIVE,
  ],
  policies: [
    plain('--description <text>', 'why it is there', 'description'),
    choice('--state <state>', 'whether it is applied', 'state', ['enforced', 'report-only', 'off']),
  ],
}

export function addFlags(command: Command, collection: Collection, verb: 'create' | 'update'): Command {
  for (const { option, onlyCreate } of FLAGS[collection] ?? [])
    if (verb === 'create' || onlyCreate !== true) command.addOption(option)
  return command
}

/** @returns the file with what the options say, which count more; undefined where neither says anything */
export function joinMembers(
  collection: Collection,
  file: Members | undefined,
  options: Readonly<Record<string, unknown>>,
): Members | undefined {
  const said = (FLAGS[collection] ?? []).flatMap(({ option, toMembers }) => {
    const value = options[option.attributeName()]
    return value === undefined ? [] : [toMembers(value)]
  })
  if (file === undefined && said.length === 0) return undefined
  return said.reduce(merge, file ?? {})
}

function merge(target: Members, members: Members): Members {
  const merged = Object.entries(members).map(([name, value]) => {
    const known = target[name]
    return [name, isObject(value) && isObject(known) ? { ...known, ...value } : value]
  })
  return { ...target, ...(Object.fromEntries(merged) as Members) }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
