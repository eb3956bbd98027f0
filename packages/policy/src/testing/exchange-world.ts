// A small company for tests of the evaluator: one agent, two resource apps behind one issuer, four users.
import { TOKEN_TYPE, zApp, zConnection, zResourceApp, zUser } from '@crosswalk/protocol'

import type { ExchangeFacts, SubjectFact } from '../exchange-facts.ts'
import {
  compileExchangeSnapshot,
  type ExchangeDefinitions,
  type ExchangeSnapshot,
} from '../exchange-snapshot.ts'
import type { ExchangeUser } from '../namesakes.ts'

export const NOW_SECONDS = 1_800_000_000
export const ISSUER = 'https://idp.acme.test'
export const AUDIENCE = 'https://as.vendor.test'
export const TODO_RESOURCE = 'https://todo.vendor.test/mcp'
export const NOTES_RESOURCE = 'https://notes.vendor.test/mcp'

function makeUser(user: object): ExchangeUser {
  return { ...zUser.parse(user), namesakes: [] }
}

export const USERS: Readonly<Record<string, ExchangeUser>> = {
  alice: makeUser({
    id: 'usr_alice',
    username: 'alice',
    email: 'alice@acme.test',
    emailVerified: true,
    name: 'Alice',
    groups: ['engineering'],
    attributes: { todo: 'u-1' },
  }),
  bob: makeUser({ id: 'usr_bob', username: 'bob', groups: ['sales'] }),
  dave: makeUser({ id: 'usr_dave', username: 'dave', groups: ['engineering'], active: false }),
}

const app = {
  name: 'Agent0',
  kind: 'agent',
  auth: { method: 'client_secret_basic', secret: 's' },
  assignments: { everyone: true },
}
const everyone = { everyone: true }
const engineering = { groups: ['engineering'] }

export const DEFINITIONS: ExchangeDefinitions = {
  apps: [zApp.parse({ id: 'agent0', ...app }), zApp.parse({ id: 'other', ...app })],
  resourceApps: [
    zResourceApp.parse({
      id: 'todo0',
      name: 'Todo0',
      issuer: AUDIENCE,
      aliases: ['urn:acme:todo0'],
      resources: [{ id: TODO_RESOURCE, scopes: ['todos.read', 'todos.write'] }],
      assignments: everyone,
      authorizationDetailsTypes: ['todo_list'],
      claims: { email: 'user.email' },
    }),
    zResourceApp.parse({
      id: 'notes0',
      name: 'Notes0',
      issuer: AUDIENCE,
      resources: [{ id: NOTES_RESOURCE, scopes: ['notes.read', 'notes.write'] }],
      assignments: everyone,
    }),
  ],
  connections: [
    zConnection.parse({
      id: 'agent0-todo0',
      app: 'agent0',
      resourceApp: 'todo0',
      clientId: 'agent0-at-vendor',
      resources: [TODO_RESOURCE],
      scopes: ['todos.read', 'todos.write'],
      authorizationDetailsTypes: ['todo_list'],
      assignments: engineering,
      status: 'active',
    }),
    zConnection.parse({
      id: 'agent0-notes0',
      app: 'agent0',
      resourceApp: 'notes0',
      clientId: 'agent0-at-vendor',
      resources: [NOTES_RESOURCE],
      scopes: ['notes.read'],
      assignments: engineering,
      status: 'active',
    }),
  ],
  policies: [],
}

export function makeSnapshot(
  change: Partial<ExchangeDefinitions> = {},
  settings: Partial<ExchangeSnapshot> = {},
): ExchangeSnapshot {
  return compileExchangeSnapshot(
    1,
    { issuer: ISSUER, idJagTtlSeconds: 300, clockSkewSeconds: 30, acrValues: ['mfa'], ...settings },
    { ...DEFINITIONS, ...change },
  )
}

/** The same definitions with one connection changed. */
export function withConnection(change: Readonly<Record<string, unknown>>): Partial<ExchangeDefinitions> {
  return {
    connections: DEFINITIONS.connections.map((connection) =>
      connection.id === 'agent0-todo0' ? { ...connection, ...change } : connection,
    ),
  }
}

/** The same definitions with the resource app `todo0` changed. */
export function withResourceApp(change: Readonly<Record<string, unknown>>): Partial<ExchangeDefinitions> {
  return {
    resourceApps: DEFINITIONS.resourceApps.map((resourceApp) =>
      resourceApp.id === 'todo0' ? { ...resourceApp, ...change } : resourceApp,
    ),
  }
}

export function idTokenOf(
  user: ExchangeUser,
  change: Readonly<Record<string, unknown>> = {},
): Extract<SubjectFact, { kind: 'id_token' }> {
  const claims = {
    iss: ISSUER,
    sub: user.id,
    aud: 'agent0',
    iat: NOW_SECONDS - 60,
    exp: NOW_SECONDS + 540,
    auth_time: NOW_SECONDS - 60,
    sid: 'sid_1',
    ...change,
  }
  return {
    kind: 'id_token',
    token: { state: 'read', typ: 'JWT', algorithm: 'ES256', kid: 'k1', claims, signature: 'valid' },
    session: { userId: user.id, authTime: NOW_SECONDS - 60, amr: ['pwd'] },
  }
}

/** The facts of a valid request by agent0 for alice at todo0. */
export function makeFacts(
  change: Partial<ExchangeFacts> & { readonly ask?: Partial<ExchangeFacts['request']> } = {},
): ExchangeFacts {
  const { ask, ...facts } = change
  const alice = USERS.alice as ExchangeUser
  return {
    decisionId: 'dec_1',
    traceId: 'trc_1',
    nowMs: NOW_SECONDS * 1000,
    mode: 'enforced',
    client: { state: 'authenticated', clientId: 'agent0', method: 'client_secret_basic' },
    dpop: { state: 'absent' },
    request: {
      audience: [AUDIENCE],
      resource: [TODO_RESOURCE],
      requestedTokenType: TOKEN_TYPE.idJag,
      subjectTokenType: TOKEN_TYPE.idToken,
      hasSubjectToken: true,
      hasActorToken: false,
      problems: [],
      ...ask,
    },
    subject: idTokenOf(alice),
    user: alice,
    ...facts,
  }
}
