// Step 7, in the demo world only: an administrator suspends the connection, and the next exchange is refused. Then
// the connection is always resumed.
import { createCheckingClient } from '@crosswalk/admin-api'
import {
  claim,
  type Flow,
  LabError,
  type Leg,
  readRecord,
  runCall,
  runExchange,
  toFetch,
} from '@crosswalk/lab'

import { explainAdminFailure } from './ask-admin.ts'
import { findTarget, type Run, toFlowRun } from '../run.ts'
import type { RunContext, Progress } from '../step-runner.ts'
import { describeAnswer } from './describe-leg.ts'
import { flowOf } from './legs.ts'

const REASON = 'shown in the playground'

export async function cutAccess(run: Run, context: RunContext): Promise<Progress> {
  const flow = flowOf(run, context)
  const { explain } = run.setup.settings
  const target = findTarget(run.setup)
  if (explain === undefined || target === undefined)
    throw new LabError('usage', 'no administrator access', 'use the demo world')
  const { connection } = target
  const act = createActs(explain, connection, context)
  const exchangeAgain = async () => (await runExchange(flow, toFlowRun(run).received)).legs[0]

  await act('connections.suspend')
  const suspendedMs = context.nowMs()
  let cut: Awaited<ReturnType<typeof watchCut>>
  try {
    cut = await watchCut({ run, around: context, flow }, suspendedMs, exchangeAgain)
  } finally {
    await act('connections.resume')
  }
  const resumed = await exchangeAgain()
  const decision = await readRecord(context.aside, explain, cut.refused?.decisionId)
  const held = cut.refused?.outcome === 'refused' && resumed?.outcome === 'done'
  return {
    result: {
      outcome: held ? 'done' : 'refused',
      told: [
        `An administrator suspended the connection ${connection}.`,
        cut.refused?.outcome === 'refused'
          ? `The next exchange was refused ${cut.refusedMs} ms later: ${describeAnswer(cut.refused)}${decision === undefined ? '' : `, recorded as ${decision.code}`}.`
          : 'The next exchange succeeded anyway.',
        cut.ofToken,
        resumed?.outcome === 'done'
          ? 'The connection was resumed, and exchanges succeed again.'
          : `The connection was resumed, but the exchange is still refused: ${describeAnswer(resumed)}.`,
      ],
      decisionId: cut.refused?.decisionId,
      decision,
    },
  }
}

function createActs(
  { url, token }: NonNullable<Run['setup']['settings']['explain']>,
  connection: string,
  { sender }: RunContext,
) {
  const client = createCheckingClient({ baseUrl: url, token, fetch: toFetch(sender) })
  return async (name: 'connections.suspend' | 'connections.resume') => {
    await client
      .call(name, { params: { id: connection }, body: { reason: REASON } })
      .catch((error: unknown) => {
        throw explainAdminFailure(error, url)
      })
  }
}

interface Watched {
  readonly run: Run
  readonly around: RunContext
  readonly flow: Flow
}

/** What an app experiences while the connection is suspended. */
async function watchCut(
  watched: Watched,
  suspendedMs: number,
  exchangeAgain: () => Promise<Leg | undefined>,
) {
  const refused = await exchangeAgain()
  const refusedMs = watched.around.nowMs() - suspendedMs
  return { refused, refusedMs, ofToken: await lookAtToken(watched) }
}

/** A suspension denies new tokens; live ones expire on their own. */
async function lookAtToken({ run, around: context, flow }: Watched): Promise<string> {
  if (flow.call === undefined || toFlowRun(run).received.accessToken === undefined)
    return 'There was no live access token to test.'
  const called = (await runCall(flow, toFlowRun(run))).legs[0]
  if (called?.outcome === 'refused')
    return `The API also refuses the earlier access token: ${describeAnswer(called)}.`
  const seconds = Math.round(Number(claim(run.steps.redemption?.token, 'exp')) - context.nowMs() / 1000)
  return `The API still accepts the earlier access token: a suspension denies new tokens, and live ones expire on their own${Number.isNaN(seconds) ? '' : `, within ${seconds} seconds`}. Revoking the connection would end it immediately.`
}
