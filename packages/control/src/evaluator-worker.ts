// The thread that evaluates drafts: it runs handlers of the admin API on the definitions it was sent. It issues and
// writes nothing itself; it calls the server for all reads and records.
import { parentPort, workerData } from 'node:worker_threads'

import type { ReplyTo, RequestTo, SimulationInput } from '@crosswalk/admin-api'
import { createSealing, createSecretHasher } from '@crosswalk/as-core'

import { createPlanHandler } from './configuration/handlers.ts'
import { createPolicyTestHandlers } from './policy-tests/policy-tests.ts'
import { explainRequest } from './simulate/explain-request.ts'
import { createReachHandlers } from './simulate/reach.ts'
import { createReplayHandler } from './simulate/replay.ts'
import { createReportOnlyHandler } from './simulate/replay-report-only.ts'
import { createSimulateHandler } from './simulate/simulate.ts'
import { createMatrixHandler } from './simulate/simulation-matrix.ts'
import { buildOwnApps } from './definitions/console-app.ts'
import { type CompiledWorld, compileWorld } from './definitions/compile-world.ts'
import { buildSettings } from './definitions/world-settings.ts'
import { buildFileItems } from './definitions/file-world.ts'
import { readPastWorld } from './definitions/past-world.ts'
import { previewWorld } from './definitions/preview-world.ts'
import { readPastFile } from './definitions/stored-file.ts'
import { createStoredUsers } from './definitions/users/stored-users.ts'
import { layerItems } from './definitions/users/user-items.ts'
import { isProblem, type Problem } from './http/problem.ts'
import type {
  EvaluatedRoute,
  Evaluation,
  EvaluationSetup,
  FromEvaluator,
  ToEvaluator,
} from './evaluator/messages.ts'
import { type EvaluationParts, type EvaluationStorage, STORAGE_CALLS } from './evaluator/parts.ts'

const port = parentPort
if (port === null) throw new Error('this file runs only as a worker of evaluator.ts')
const { configuration, digestKey } = workerData as EvaluationSetup

const sealing = createSealing(digestKey)
const hasher = createSecretHasher(sealing)
const settings = buildSettings({
  configuration,
  sealing,
  ownApps: buildOwnApps(configuration, sealing, hasher),
})

let nowMs = 0
let compiled: CompiledWorld | undefined

const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
let calls = 0

function remote(name: string) {
  return (...args: readonly unknown[]) =>
    new Promise<never>((resolve, reject) => {
      calls += 1
      waiting.set(calls, { resolve: resolve as (value: unknown) => void, reject })
      send({ type: 'call', call: calls, remote: { name, args } })
    })
}

const storage = Object.fromEntries(
  Object.entries(STORAGE_CALLS).map(([port, names]) => [
    port,
    Object.fromEntries(names.map((name) => [name, remote(`${port}.${name}`)])),
  ]),
) as unknown as EvaluationStorage
const { objects } = storage
const file = buildFileItems(configuration, hasher)
const parts: EvaluationParts = {
  configuration,
  sealing,
  hasher,
  clock: { nowMs: () => nowMs },
  directory: {
    current() {
      if (compiled === undefined) throw new Error('no definitions were received yet')
      return compiled
    },
    preview: (next) => previewWorld(parts.directory.current(), next, settings),
    async at(atMs) {
      const revision = await objects.revisionAt(atMs)
      const known = parts.directory.current().world
      const past = { revision, baseUrl: configuration.baseUrl }
      const fileThen = (await readPastFile(objects, past)) ?? file
      const { world, users } = await readPastWorld(objects, { revision, atMs, file: fileThen, known })
      return compileWorld(world, users, settings)
    },
  },
  storage,
}

type Handle = (request: never, context: never) => Promise<ReplyTo<EvaluatedRoute> | Problem | Response>
const HANDLERS: Readonly<Record<EvaluatedRoute, Handle>> = {
  simulate: createSimulateHandler(parts),
  'simulate.matrix': createMatrixHandler(parts),
  explain: ({ body: { request } }: RequestTo<'explain'>, context) =>
    explainRequest(parts, request as SimulationInput, context),
  ...createReachHandlers(parts),
  replay: createReplayHandler(parts),
  'replay.report-only': createReportOnlyHandler(parts),
  'configuration.plan': createPlanHandler(parts),
  ...createPolicyTestHandlers(parts),
}

async function evaluate({ route, request, context, world, ...now }: Evaluation): Promise<void> {
  nowMs = now.nowMs
  // Cached users belong to one revision.
  if (world !== undefined)
    compiled = await compileWorld(world, layerItems(file.users, createStoredUsers(objects)), settings)
  const handle = HANDLERS[route]
  const reply = await handle(request as never, context as never)
  if (reply instanceof Response)
    throw new Error(`the handler of ${route} made a response, which cannot be sent`)
  if (isProblem(reply)) return send({ type: 'answer', reply })
  const body = new TextEncoder().encode(JSON.stringify(reply.body))
  const { status, headers = {} } = reply
  send({ type: 'answer', reply: { status, headers, body } }, [body.buffer])
}

/** @param moved - moved to the server instead of copied */
function send(message: FromEvaluator, moved: ArrayBuffer[] = []): void {
  port?.postMessage(message, moved)
}

port.on('message', (message: ToEvaluator) => {
  if (message.type === 'evaluate')
    evaluate(message.evaluation).catch((error: unknown) =>
      send({
        type: 'fault',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    )
  else {
    const call = waiting.get(message.call)
    waiting.delete(message.call)
    if (message.type === 'returned') call?.resolve(message.value)
    else call?.reject(new Error(message.message))
  }
})
send({ type: 'ready' })
