// Users by connections: the decision for each user over each connection, requesting all of its resources.
import type { AppDefinition, DecisionRecord } from '@crosswalk/protocol'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { Connection } from '../exchange-snapshot.ts'
import type { ExchangeUser } from '../namesakes.ts'
import { assumeExchange } from './assume-exchange.ts'
import type { ReachSignIn, ReachWorld } from './find-reach.ts'

export interface Matrix {
  readonly users: readonly ExchangeUser[]
  readonly connections: readonly Connection[]
  /** Space-separated; undefined: all that the connection allows */
  readonly scope: string | undefined
  readonly signIn: Omit<ReachSignIn, 'describedApp' | 'client'>
  /** A self-described app */
  describedApp(id: string): AppDefinition | undefined
}

export interface MatrixRow {
  readonly user: ExchangeUser
  /** In the order of the connections */
  readonly cells: readonly Pick<DecisionRecord, 'outcome' | 'code'>[]
}

/** Yields one row at a time, so that the caller can let other work run in between. */
export function* judgeMatrix(
  { users, connections, scope, signIn, describedApp }: Matrix,
  { snapshot, nowMs, volumeOf }: Omit<ReachWorld, 'users'>,
): Generator<MatrixRow> {
  const asked = connections.map(({ app, resourceApp, resources }) => ({
    app,
    audience: snapshot.resourceApps.get(resourceApp)?.issuer ?? '',
    resource: resources,
    describedApp: describedApp(app),
  }))
  for (const user of users)
    yield {
      user,
      cells: asked.map((place) => {
        const facts = assumeExchange(
          {
            ...place,
            ...signIn,
            decisionId: 'dec_matrix',
            traceId: 'trc_matrix',
            nowMs,
            mode: 'simulated',
            userId: user.id,
            user,
            scope,
            volumeLastHour: volumeOf?.(place.app, user.id),
          },
          snapshot,
        )
        const { outcome, code } = evaluateExchange(facts, snapshot)
        return { outcome, code }
      }),
    }
}
