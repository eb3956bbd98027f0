// A company for measuring whole evaluations: the rules of the policy bench world, and the connections for its requests.
import {
  assumeExchange,
  compileExchangeSnapshot,
  type ExchangeFacts,
  type ExchangeSnapshot,
} from '@crosswalk/policy'
import { zApp, zConnection, zResourceApp, zUser } from '@crosswalk/protocol'

import type { policyBenchWorld } from '../../../packages/policy/src/rules/testing/policy-bench-world.ts'

type Rules = ReturnType<typeof policyBenchWorld>

export interface PolicyWorld {
  readonly snapshot: ExchangeSnapshot
  /** Used in turn */
  readonly requests: readonly ExchangeFacts[]
}

const EVERYONE = { everyone: true }

/** @param connections - total number, including those for the requests */
export function buildPolicyWorld({ policies, requests }: Rules, connections: number): PolicyWorld {
  const apps = new Map<string, ReturnType<typeof zApp.parse>>()
  const resourceApps = new Map<string, ReturnType<typeof zResourceApp.parse>>()
  const joined = new Map<string, ReturnType<typeof zConnection.parse>>()
  const join = (app: Rules['requests'][number]['app'], target: string) => {
    const [resource, scopes] = [`https://${target}.example/mcp`, [`${target}.read`, `${target}.write`]]
    const audience = `https://${target}.example`
    if (!apps.has(app.id))
      apps.set(app.id, zApp.parse({ ...app, name: app.id, auth: { method: 'none' }, assignments: EVERYONE }))
    if (!resourceApps.has(target))
      resourceApps.set(
        target,
        zResourceApp.parse({
          id: target,
          name: target,
          issuer: audience,
          resources: [{ id: resource, scopes }],
          assignments: EVERYONE,
        }),
      )
    const id = `${app.id}-${target}`
    if (!joined.has(id))
      joined.set(
        id,
        zConnection.parse({
          id,
          app: app.id,
          resourceApp: target,
          clientId: app.id,
          resources: [resource],
          scopes,
          assignments: EVERYONE,
          status: 'active',
        }),
      )
    return audience
  }
  const audiences = requests.map(({ app, resourceApp }) => join(app, resourceApp.id))
  for (let count = 0; joined.size < connections; count += 1)
    join({ id: `app-${count}`, kind: 'agent', owners: [] }, `res-${count % 500}`)
  const settings = {
    issuer: 'https://idp.example',
    idJagTtlSeconds: 300,
    clockSkewSeconds: 30,
    acrValues: ['mfa'],
  }
  const snapshot = compileExchangeSnapshot(1, settings, {
    apps: [...apps.values()],
    resourceApps: [...resourceApps.values()],
    connections: [...joined.values()],
    policies,
  })
  return {
    snapshot,
    requests: requests.map((request, index) => toFacts(request, audiences[index] ?? '', snapshot)),
  }
}

function toFacts(
  { now, app, user, resource, scope, authTime, acr, ip, dpop, volumeLastHour }: Rules['requests'][number],
  audience: string,
  snapshot: ExchangeSnapshot,
): ExchangeFacts {
  const person = zUser.parse({
    id: user.id,
    username: user.username,
    groups: [...user.groups],
    attributes: user.attributes,
  })
  const facts = assumeExchange(
    {
      decisionId: 'dec_bench',
      traceId: 'trc_bench',
      nowMs: now * 1000,
      mode: 'enforced',
      app: app.id,
      userId: user.id,
      user: { ...person, namesakes: [] },
      audience,
      resource,
      scope: scope.join(' '),
      authTime,
      acr,
      ip,
      dpopThumbprint: dpop ? 'bench' : undefined,
    },
    snapshot,
  )
  const client = { state: 'authenticated', clientId: app.id, method: 'private_key_jwt' } as const
  return { ...facts, client, volumeLastHour }
}
