// From what was sent to what is kept: secrets and passwords become hashes, or stay what they were; a secret that is
// needed and not given is made, and shown once.
import type { ClientAuthInput, Collection, InputOf } from '@crosswalk/admin-api'
import { randomToken, type SecretHasher } from '@crosswalk/as-core'
import type { ClientAuth } from '@crosswalk/protocol'

import type { DefinitionOf, UserRecord } from '../definitions/records.ts'

export interface Prepared<C extends Collection> {
  readonly definition: DefinitionOf<C>
  /** Secrets made here, by the id of the client */
  readonly made: ReadonlyMap<string, string>
  /** Whether any client secret or password differs from before */
  readonly secretChanged: boolean
  /** null: to be removed */
  readonly password?: string | null
}

export interface Preparation {
  readonly hasher: SecretHasher
  readonly baseUrl: string
  /** RFC 3339 */
  readonly now: string
}

export function prepareDefinition<C extends Collection>(
  collection: C,
  input: InputOf<C>,
  previous: DefinitionOf<C> | undefined,
  preparation: Preparation,
): Prepared<C> {
  return PREPARE[collection](input, previous, preparation)
}

type Prepare<C extends Collection> = (
  input: InputOf<C>,
  previous: DefinitionOf<C> | undefined,
  preparation: Preparation,
) => Prepared<C>

const NOTHING_MADE: ReadonlyMap<string, string> = new Map()

function asIs<C extends Collection>(input: InputOf<C>): Prepared<C> {
  return { definition: input as unknown as DefinitionOf<C>, made: NOTHING_MADE, secretChanged: false }
}

const PREPARE: { readonly [C in Collection]: Prepare<C> } = {
  users: prepareUser,
  groups: asIs,
  apps(input, previous, { hasher }) {
    const { auth, made, changed } = prepareAuth(input.auth, previous?.auth, hasher)
    return {
      definition: { ...input, auth },
      made: made === undefined ? NOTHING_MADE : new Map([[input.id, made]]),
      secretChanged: changed,
    }
  },
  'resource-apps': asIs,
  connections: asIs,
  policies: asIs,
  'policy-suites': asIs,
  'authorization-servers'(input, previous, { hasher, baseUrl }) {
    const before = new Map(previous?.clients.map(({ id, auth }) => [id, auth]))
    const clients = input.clients.map((client) => ({
      ...client,
      ...prepareAuth(client.auth, before.get(client.id), hasher),
    }))
    return {
      definition: {
        ...input,
        issuer: input.issuer ?? `${baseUrl}/as/${input.id}`,
        clients: clients.map(({ made: _, changed: __, ...client }) => client),
      },
      made: new Map(clients.flatMap(({ id, made }) => (made === undefined ? [] : [[id, made]]))),
      secretChanged: clients.some(({ changed }) => changed),
    }
  },
}

function prepareUser(
  { password, ...user }: InputOf<'users'>,
  previous: UserRecord | undefined,
  { now }: Preparation,
): Prepared<'users'> {
  const setAt = typeof password === 'string' ? now : previous?.passwordSetAt
  return {
    definition: {
      ...user,
      hasPassword: password === undefined ? (previous?.hasPassword ?? false) : password !== null,
      ...(setAt === undefined || password === null ? {} : { passwordSetAt: setAt }),
    },
    made: NOTHING_MADE,
    secretChanged: password !== undefined,
    ...(password === undefined ? {} : { password }),
  }
}

interface PreparedAuth {
  readonly auth: ClientAuth
  readonly made: string | undefined
  readonly changed: boolean
}

function prepareAuth(
  input: ClientAuthInput,
  previous: ClientAuth | undefined,
  hasher: SecretHasher,
): PreparedAuth {
  if (input.method === 'private_key_jwt' || input.method === 'none')
    return { auth: input, made: undefined, changed: false }
  const { method } = input
  const kept = previous !== undefined && 'secretHash' in previous ? previous.secretHash : undefined
  if (input.secret === undefined && kept !== undefined)
    return { auth: { method, secretHash: kept }, made: undefined, changed: false }
  // 256 bits: a client secret is checked with a fast hash.
  const secret = input.secret ?? randomToken() + randomToken()
  return {
    auth: { method, secretHash: hasher.hash(secret) },
    made: input.secret === undefined ? secret : undefined,
    changed: previous !== undefined,
  }
}
