// A matrix of users and connections, by the evaluator and snapshot of the token endpoint. Each query is recorded.
import { setImmediate } from 'node:timers/promises'

import {
  type MatrixBody,
  type MatrixInput,
  MAX_MATRIX_CONNECTIONS,
  MAX_MATRIX_USERS,
  toEpochMs,
} from '@crosswalk/admin-api'
import { ASSUMED_KEY, byId, type ExchangeSnapshot, judgeMatrix, type ExchangeUser } from '@crosswalk/policy'

import type { EvaluationParts } from '../evaluator/parts.ts'
import { recordSimulation } from '../audit/change-event.ts'
import type { AdminContext, Caller, Handlers } from '../http/context.ts'
import { countVolumes } from './count-volume.ts'
import { findUserId } from '../definitions/users/find-user-id.ts'
import { type WorldWithIdp, selectWorld } from './select-world.ts'
import { buildProblem, isProblem, notFound, type Problem } from '../http/problem.ts'
import { isInScope } from '../http/scope.ts'
import { describeApp } from './simulated-exchange.ts'

type Connection = ExchangeSnapshot['connections'] extends ReadonlyMap<string, infer C> ? C : never

export function createMatrixHandler(parts: EvaluationParts): Handlers['simulate.matrix'] {
  return async ({ body }, context) => {
    const world = await selectWorld(parts, body, context.caller)
    if (isProblem(world)) return world
    const users = await findUsers(world, body)
    if (isProblem(users)) return users
    const connections = findConnections(world, body, context.caller)
    if (isProblem(connections)) return connections
    const rows = await judge(parts, body, world, { users, connections })
    await recordMatrix(parts, context, { users: users.length, connections: connections.length })
    return {
      status: 200,
      body: {
        connections: connections.map(({ id, app, resourceApp, resources }) => ({
          id,
          app,
          resourceApp,
          audience: world.exchange.resourceApps.get(resourceApp)?.issuer ?? '',
          resources: [...resources],
        })),
        rows,
        allowed: rows.flatMap(({ cells }) => cells).filter(({ outcome }) => outcome === 'allow').length,
      },
    }
  }
}

/** Ordered as in the request, then by id. */
async function findUsers(
  world: WorldWithIdp,
  { users, groups }: MatrixInput,
): Promise<readonly ExchangeUser[] | Problem> {
  const named: string[] = []
  for (const name of users ?? []) {
    const user = await world.users.findById(await findUserId(world, name))
    if (user === undefined) return notFound(`There is no user ${name}.`)
    named.push(user.id)
  }
  const everyone = users === undefined && groups === undefined
  const size = everyone ? await world.users.items.count() : 0
  if (size > MAX_MATRIX_USERS) return tooManyUsers(size)
  const members = await world.users.listAssigned({ everyone, users: [], groups: groups ?? [] })
  const known = new Set(named)
  const others = [...members].filter((id) => !known.has(id)).sort()
  if (named.length + others.length > MAX_MATRIX_USERS) return tooManyUsers(named.length + others.length)
  const ids = [...known, ...others]
  const found = await world.users.findForExchange(ids, world.exchange.comparedSources)
  return ids.flatMap((id) => found.get(id) ?? [])
}

function findConnections(
  { exchange }: WorldWithIdp,
  { connections: ids }: MatrixInput,
  caller: Caller,
): readonly Connection[] | Problem {
  const seen = [...exchange.connections.values()]
    .filter((connection) => isInScope(caller, 'connections', connection))
    .sort(byId)
  const missing = ids?.find((id) => !seen.some((connection) => connection.id === id))
  if (missing !== undefined) return notFound(`There is no connection ${missing}.`)
  const connections =
    ids === undefined
      ? seen
      : [...new Set(ids)].flatMap((id) => seen.find((connection) => connection.id === id) ?? [])
  return connections.length <= MAX_MATRIX_CONNECTIONS
    ? connections
    : tooMuch(`${connections.length} connections, more than ${MAX_MATRIX_CONNECTIONS}: specify connections`)
}

function tooManyUsers(count: number): Problem {
  return tooMuch(`${count} users, more than ${MAX_MATRIX_USERS}: specify users or groups`)
}

function tooMuch(what: string): Problem {
  return buildProblem('too-much', { detail: `The request covers ${what}.` })
}

async function judge(
  parts: EvaluationParts,
  { at, asOf, authTime, acr, dpop, ip, scope }: MatrixInput,
  { exchange: snapshot }: WorldWithIdp,
  about: { readonly users: readonly ExchangeUser[]; readonly connections: readonly Connection[] },
): Promise<MatrixBody['rows']> {
  const moment = at ?? asOf
  const nowMs = moment === undefined ? parts.clock.nowMs() : toEpochMs(moment)
  const signIn = {
    authTime: Math.floor((authTime === undefined ? nowMs : toEpochMs(authTime)) / 1000),
    acr,
    ip,
    dpopThumbprint: dpop === true ? ASSUMED_KEY : undefined,
  }
  const volumeOf = await countVolumes(parts, snapshot, { nowMs })
  const rows: MatrixBody['rows'] = []
  const matrix = { ...about, scope, signIn, describedApp: (id: string) => describeApp(parts, id) }
  for (const { user, cells } of judgeMatrix(matrix, { snapshot, nowMs, volumeOf })) {
    rows.push({ user: user.id, username: user.username, cells: [...cells] })
    // Yields to the token endpoint after each user.
    await setImmediate()
  }
  return rows
}

async function recordMatrix(
  parts: EvaluationParts,
  context: AdminContext,
  size: { readonly users: number; readonly connections: number },
): Promise<void> {
  await recordSimulation(parts, context, {
    target: { kind: 'matrix', id: `${size.users}x${size.connections}` },
    change: size,
  })
}
