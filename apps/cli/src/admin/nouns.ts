// The kinds of objects on the command line: their names, the columns of their lists, and the actions they support while
// they run.
import type { Collection } from '@crosswalk/admin-api'

export type Shown = Readonly<Record<string, unknown>>

export interface Noun {
  readonly name: string
  readonly collection: Collection
  readonly plural: string
  readonly columns: readonly (readonly [heading: string, read: (object: Shown) => unknown])[]
  readonly acts: readonly ('suspend' | 'resume' | 'revoke')[]
}

const isActive = ({ active }: Shown) => (active === false ? 'inactive' : 'active')
const heldOr =
  (read: (object: Shown) => unknown) =>
  (object: Shown): unknown =>
    (object.state as { held?: { state: string } } | undefined)?.held?.state ?? read(object)
const member = (name: string) => (object: Shown) => object[name]

export const NOUNS: readonly Noun[] = [
  {
    name: 'connection',
    collection: 'connections',
    plural: 'connections',
    columns: [
      ['app', member('app')],
      ['resource app', member('resourceApp')],
      ['scopes', ({ scopes }) => (scopes as readonly string[]).join(' ')],
      ['state', heldOr(member('status'))],
      ['defined in', member('owner')],
    ],
    acts: ['suspend', 'resume', 'revoke'],
  },
  {
    name: 'app',
    collection: 'apps',
    plural: 'requesting apps',
    columns: [
      ['name', member('name')],
      ['kind', member('kind')],
      ['state', heldOr(isActive)],
      ['defined in', member('owner')],
    ],
    acts: ['suspend', 'resume'],
  },
  {
    name: 'resource',
    collection: 'resource-apps',
    plural: 'resource apps',
    columns: [
      ['name', member('name')],
      ['issuer', member('issuer')],
      ['state', isActive],
      ['defined in', member('owner')],
    ],
    acts: [],
  },
  {
    name: 'user',
    collection: 'users',
    plural: 'users',
    columns: [
      ['user name', member('username')],
      ['groups', ({ memberOf }) => (memberOf as readonly string[]).join(' ')],
      ['state', heldOr(isActive)],
      ['defined in', member('owner')],
    ],
    acts: ['suspend', 'resume'],
  },
  {
    name: 'group',
    collection: 'groups',
    plural: 'groups',
    columns: [
      ['name', member('name')],
      ['users', member('memberCount')],
      ['defined in', member('owner')],
    ],
    acts: [],
  },
  {
    name: 'policy',
    collection: 'policies',
    plural: 'policies',
    columns: [
      ['state', member('state')],
      ['rule', member('sentence')],
      ['defined in', member('owner')],
    ],
    acts: [],
  },
  {
    name: 'approval-rule',
    collection: 'approval-rules',
    plural: 'approval rules',
    columns: [
      ['rule', member('sentence')],
      ['defined in', member('owner')],
    ],
    acts: [],
  },
  {
    name: 'review-schedule',
    collection: 'review-schedules',
    plural: 'review schedules',
    columns: [
      ['schedule', member('sentence')],
      ['next', member('nextAt')],
      ['defined in', member('owner')],
    ],
    acts: [],
  },
  {
    name: 'policy-suite',
    collection: 'policy-suites',
    plural: 'policy test suites',
    columns: [
      ['tests', ({ tests }) => (tests as readonly unknown[]).length],
      ['defined in', member('owner')],
    ],
    acts: [],
  },
  {
    name: 'authorization-server',
    collection: 'authorization-servers',
    plural: 'authorization servers',
    columns: [
      ['issuer', member('issuer')],
      ['clients', ({ clients }) => (clients as readonly unknown[]).length],
      ['defined in', member('owner')],
    ],
    acts: [],
  },
]
