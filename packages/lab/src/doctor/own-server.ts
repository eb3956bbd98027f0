// Checks a running Crosswalk from the inside, through its admin API: its definitions, whether both ends of its
// connections agree, and the state of oversight. Reads only.
import { type AdminClient, MAX_PAGE, readPages, ROUTES, type ViewOf } from '@crosswalk/admin-api'
import { DAY_MS, type Remedy, toCommandLine, withServer, type XaaCode } from '@crosswalk/protocol'

import type { GuardedSender } from '../http/guarded-sender.ts'
import type { ConnectionEvidence } from './connection-checks.ts'
import type { Endpoints } from './diagnose.ts'
import { ADVISING_RULES, type HealthEvidence, type OversightEvidence } from './oversight-checks.ts'

export interface Model {
  readonly endpoints: Endpoints
  readonly connections: readonly ConnectionEvidence[]
}

const MAX_OBJECTS = 10_000
const PARALLEL_REQUESTS = 6

export async function gatherHealth(sender: GuardedSender, server: string): Promise<HealthEvidence> {
  const base = server.replace(/\/$/, '')
  const [health, ready] = await Promise.all([
    sender.send({ method: 'GET', url: `${base}/healthz` }),
    sender.send({ method: 'GET', url: `${base}/readyz` }),
  ])
  return { health, ready }
}

type Listed = 'apps' | 'connections' | 'resource-apps' | 'authorization-servers'

async function list<C extends Listed>(client: AdminClient, collection: C) {
  const route = `${collection}.list` as `${C}.list`
  const read = async (query: object) =>
    (await client.call(route, { query } as never)).body as unknown as {
      items: readonly ViewOf<C>[]
      next: string | null
    }
  return (await readPages(MAX_OBJECTS, read)).items
}

export interface DecisionQuestion {
  readonly app: string
  readonly user: string
  readonly audience: string
  readonly resource?: string
  readonly scope?: string
}

export interface OversightQuestion {
  /** The address that reaches the server, for the commands that findings suggest */
  readonly server: string
  readonly question: DecisionQuestion | undefined
  readonly nowMs: number
}

export async function gatherOversight(
  client: AdminClient,
  { server, question, nowMs }: OversightQuestion,
): Promise<OversightEvidence> {
  const [apps, connections] = await Promise.all([list(client, 'apps'), list(client, 'connections')])
  const { body: chain } = await client.call('audit.verify', {})
  const { body: kept } = await client.call('policies.test-kept', {})
  const [advice, shareKeys, unreachableKeys, api] = await Promise.all([
    gatherAdvice(client),
    askForSharedKeys(client),
    findUnreachableKeys(client, nowMs),
    compareApi(client),
  ])
  const tests = kept.items.flatMap((report) => report.tests.map((test) => ({ ...test, suite: report.suite })))
  const agents = apps.filter(({ kind, active }) => kind === 'agent' && active)
  const active = connections.filter(({ status }) => status === 'active')
  const simulated = question === undefined ? undefined : await simulate(client, question, server)
  return {
    server,
    nowMs,
    agents: agents.length,
    agentsWithoutOwner: agents.filter(({ activeOwners }) => activeOwners.length === 0),
    connections: active.length,
    endlessConnections: active.filter(({ expiresAt }) => expiresAt === undefined),
    chain: {
      ok: chain.ok,
      events: chain.events,
      brokenLogs: chain.logs.filter(({ ok }) => !ok).map(({ log }) => log),
    },
    advice,
    shareKeys,
    unreachableKeys,
    api,
    policyTests: tests.length,
    failingTests: tests.filter(({ passed }) => !passed).map(({ suite, name }) => `${suite}: ${name}`),
    ...(simulated === undefined ? {} : { simulated }),
  }
}

async function gatherAdvice(client: AdminClient): Promise<OversightEvidence['advice']> {
  const ofRules = ADVISING_RULES.map(async (rule) => {
    const { body } = await client.call('recommendations.list', { query: { rule, limit: MAX_PAGE } })
    return [rule, body.items] as const
  })
  return new Map(await Promise.all(ofRules))
}

/** Parallel requests use separate connections, which a load balancer gives to different nodes. */
export async function askForSharedKeys(client: AdminClient): Promise<boolean> {
  const lists = await Promise.all(
    Array.from({ length: PARALLEL_REQUESTS }, () => client.call('keys.list', { query: { limit: MAX_PAGE } })),
  )
  const listed = lists.map(({ body }) => body.items.map(({ kid }) => kid))
  // A node without keys has not signed anything yet.
  const [first = [], ...others] = listed.filter((kids) => kids.length > 0)
  return others.every((kids) => kids.some((kid) => first.includes(kid)))
}

/** A route is the same if it has the same method and path: their schemas only gain members. */
async function compareApi(client: AdminClient): Promise<OversightEvidence['api']> {
  const { paths = {} } = (await client.call('openapi', {})).body as {
    readonly paths?: Readonly<Record<string, object>>
  }
  const there = new Set(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  )
  const here = new Set(Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`))
  return {
    missing: [...here].filter((one) => !there.has(one)),
    unknown: [...there].filter((one) => !here.has(one)),
  }
}

/** Of an issuer or a client. */
const UNREACHABLE_KEYS: readonly string[] = ['XAA1106', 'XAA2105', 'XAA2204'] satisfies XaaCode[]

async function findUnreachableKeys(
  client: AdminClient,
  nowMs: number,
): Promise<OversightEvidence['unreachableKeys']> {
  const since = new Date(nowMs - DAY_MS).toISOString()
  const { body } = await client.call('decisions.list', {
    query: { outcome: 'error', since, limit: 50 },
  })
  const found = body.items.find(({ code }) => UNREACHABLE_KEYS.includes(code))
  if (found === undefined) return undefined
  return { id: found.decision_id, at: found.time, text: found.summary.admin }
}

async function simulate(client: AdminClient, { resource, ...question }: DecisionQuestion, server: string) {
  const { body: record } = await client.call('simulate', {
    body: { ...question, ...(resource === undefined ? {} : { resource: [resource] }) },
  })
  const [remedy] = record.remedies
  return {
    outcome: record.outcome,
    code: record.code,
    text: record.summary.admin,
    fix:
      describeRemedy(remedy, (line) => withServer(line, server)) ??
      withServer(toCommandLine('explain', record.decision_id), server),
  }
}

/** @returns how to apply a remedy of a decision record; `suggest` completes a command line for the server */
export function describeRemedy(
  remedy: Pick<Remedy, 'cli' | 'text'> | undefined,
  suggest: (commandLine: string) => string,
): string | undefined {
  return remedy?.cli === undefined ? remedy?.text : suggest(remedy.cli)
}

/** The server's definitions, as far as the token may read them. */
export async function gatherModel(client: AdminClient, idp: string | undefined): Promise<Model> {
  const [apps, connections, resourceApps, servers] = await Promise.all([
    list(client, 'apps'),
    list(client, 'connections'),
    list(client, 'resource-apps'),
    list(client, 'authorization-servers'),
  ])
  const definitions = { apps, connections, resourceApps, authorizationServers: servers }
  return buildModel({ ...definitions, ...(idp === undefined ? {} : { idp }) })
}

export interface Definitions {
  /** Issuer of the IdP, if one runs here */
  readonly idp?: string
  readonly apps: readonly { readonly id: string; readonly auth: { readonly method: string } }[]
  readonly connections: readonly (ConnectionEvidence['connection'] & {
    readonly app: string
    readonly resourceApp: string
  })[]
  readonly resourceApps: readonly (ConnectionEvidence['resourceApp'] & {
    readonly resources: readonly { readonly id: string }[]
  })[]
  readonly authorizationServers: readonly (ConnectionEvidence['server'] & { readonly issuer: string })[]
}

/** @returns every endpoint once, and every connection with both of its ends */
export function buildModel(definitions: Definitions): Model {
  const { idp, connections, resourceApps, authorizationServers: servers } = definitions
  const used = resourceApps.filter(({ id }) => connections.some(({ resourceApp }) => resourceApp === id))
  const resources = [
    ...connections,
    ...servers.map((it) => ({ resources: it.resources.map(({ id }) => id) })),
  ]
  const trusted = servers.flatMap(({ trustedIssuers }) => trustedIssuers.filter(({ active }) => active))
  const discovered = trusted.filter(({ jwks }) => jwks === undefined).map(({ issuer }) => issuer)
  return {
    endpoints: {
      idps: unique([...(idp === undefined ? [] : [idp]), ...discovered]),
      trusted: trusted.map((entry) => ({ issuer: entry.issuer, entry })),
      servers: unique([...servers, ...used].map(({ issuer }) => issuer)),
      // Resource identifiers may be any URI; only URLs can be requested.
      resources: unique(resources.flatMap((it) => it.resources)).filter((it) => /^https?:/.test(it)),
    },
    connections: idp === undefined ? [] : connections.flatMap((it) => findEvidence(it, idp, definitions)),
  }
}

function findEvidence(
  connection: Definitions['connections'][number],
  idp: string,
  { apps, resourceApps, authorizationServers }: Definitions,
): readonly ConnectionEvidence[] {
  const resourceApp = resourceApps.find(({ id }) => id === connection.resourceApp)
  const server = authorizationServers.find(({ issuer }) => issuer === resourceApp?.issuer)
  const auth = apps.find(({ id }) => id === connection.app)?.auth.method
  if (resourceApp === undefined || server === undefined) return []
  return [{ idp, connection, resourceApp, server, ...(auth === undefined ? {} : { appAuth: auth }) }]
}

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)]
