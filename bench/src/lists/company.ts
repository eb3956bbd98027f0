// A large company as stored in the database: users, apps, resource apps, connections, policies and access requests.
// Deterministic. Names match the policy bench world, so that its rules apply to this company.
import type { AccessRequest } from '@crosswalk/admin-api'
import { zApp, zConnection, zGroup, zResourceApp, zUser } from '@crosswalk/protocol'

import { policyBenchWorld } from '../../../packages/policy/src/rules/testing/policy-bench-world.ts'

export const USERS = 10_000
export const TEAMS = 200
const APPS = 1_000
const RESOURCE_APPS = 500
const POLICIES = 50
const ACCESS_REQUESTS = 2_000

export type Company = ReturnType<typeof buildCompany>

export function buildCompany(connections: number, users = USERS) {
  return {
    users: list(users, buildUser),
    groups: list(TEAMS, (place) => zGroup.parse({ id: teamOf(place), name: `Team ${place}` })),
    apps: list(APPS, buildApp),
    'resource-apps': list(RESOURCE_APPS, buildResourceApp),
    connections: list(connections, buildConnection),
    policies: [...policyBenchWorld(POLICIES).policies],
    'access-requests': list(ACCESS_REQUESTS, buildAccessRequest),
  }
}

function list<T>(length: number, build: (place: number) => T): T[] {
  return Array.from({ length }, (_, place) => build(place))
}

function teamOf(place: number): string {
  return `team-${place % TEAMS}`
}

/** @returns the scopes of a resource app; no connection has the last one */
export function scopesOf(resourceApp: string): readonly [string, string, string] {
  return [`${resourceApp}.read`, `${resourceApp}.write`, `${resourceApp}.admin`]
}

function buildUser(place: number) {
  const {
    password: _password,
    totpSecret: _totpSecret,
    ...user
  } = zUser.parse({
    id: `usr-${place}`,
    username: `user${place}`,
    name: `EvaluatedUser ${place}`,
    email: `user${place}@company.example`,
    groups: [teamOf(place), `site-${place % 13}`],
    attributes: { department: `dep-${place % 53}`, contractor: place % 7 === 0 },
    active: place % 100 !== 99,
  })
  return { ...user, hasPassword: false }
}

function buildApp(place: number) {
  return zApp.parse({
    id: `app-${place}`,
    name: `App ${place}`,
    kind: ['agent', 'web', 'service'][place % 3],
    owners: [`usr-${place % 97}`],
    auth: { method: 'none' },
    redirectUris: [`https://app-${place}.example/callback`],
    assignments: { everyone: true },
  })
}

function buildResourceApp(place: number) {
  const id = `res-${place}`
  return zResourceApp.parse({
    id,
    name: `Resource app ${place}`,
    issuer: `https://${id}.example`,
    resources: [{ id: `https://${id}.example/mcp`, scopes: scopesOf(id) }],
    assignments: { everyone: true },
  })
}

/** Each app reaches several different resource apps. */
function buildConnection(place: number) {
  const [app, turn] = [place % APPS, Math.floor(place / APPS)]
  const resourceApp = `res-${(app * 3 + turn * 50) % RESOURCE_APPS}`
  return zConnection.parse({
    id: `app-${app}-${resourceApp}`,
    app: `app-${app}`,
    resourceApp,
    clientId: `client-${place}`,
    resources: [`https://${resourceApp}.example/mcp`],
    scopes: scopesOf(resourceApp).slice(0, 2),
    assignments: place % 4 === 0 ? { everyone: true } : { groups: [teamOf(place)] },
    status: place % 50 === 49 ? 'draft' : place % 50 === 48 ? 'suspended' : 'active',
  })
}

function buildAccessRequest(place: number): AccessRequest {
  const resourceApp = `res-${place % RESOURCE_APPS}`
  const isOpen = place % 20 === 0
  return {
    id: `req-${String(place).padStart(6, '0')}`,
    state: isOpen ? 'open' : 'declined',
    user: `usr-${place}`,
    app: `app-${place % APPS}`,
    resourceApp,
    scopes: scopesOf(resourceApp).slice(0, 1),
    reason: 'The quarterly figures are due.',
    askedBy: 'helpdesk',
    askedAt: '2026-01-05T08:00:00.000Z',
    ...(isOpen ? {} : { decidedBy: 'admin', decidedAt: '2026-01-06T08:00:00.000Z' }),
  }
}
