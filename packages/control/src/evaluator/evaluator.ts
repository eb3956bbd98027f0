// Evaluates caller input of the admin API and past definitions in a separate thread, so that neither can block other
// requests. Evaluations run one at a time; one that takes too long is stopped, and the queue is short.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'

import type { RequestTo } from '@crosswalk/admin-api'
import type { Clock } from '@crosswalk/as-core'
import type { Storage } from '@crosswalk/storage'

import { type AdminContext, principalOf } from '../http/context.ts'
import { respondJson } from '../http/json-parts.ts'
import { buildProblem, isProblem, type Problem } from '../http/problem.ts'
import type { Configuration } from '../config-file/configuration.ts'
import type { Directory } from '../definitions/directory.ts'
import { startWorker } from '../start-worker.ts'
import { type EvaluationStorage, STORAGE_CALLS } from './parts.ts'
import {
  copyWorld,
  type EvaluatedRoute,
  type Evaluation,
  type EvaluationReply,
  type EvaluationSetup,
  type FromEvaluator,
  type RemoteCall,
  type ToEvaluator,
} from './messages.ts'

/** Limit for one evaluation, once the thread runs. */
const DEADLINE_MS = 30_000
const START_MS = 60_000
const MAX_WAITING = 16
/** Keeps one caller from filling the queue. */
const MAX_WAITING_PER_CALLER = 4
/** An idle thread holds memory. */
const IDLE_MS = 60_000
const MAX_MEMORY_MIB = 512

export interface Evaluator {
  /**
   * Runs the handler of a route in the thread, so that other requests are not delayed.
   *
   * @returns the handler's reply as a response, or the reason why it has not replied
   */
  evaluate<N extends EvaluatedRoute>(
    route: N,
    request: RequestTo<N>,
    context: AdminContext,
  ): Promise<Response | Problem>
  close(): Promise<void>
}

export type EvaluatePart = Pick<Evaluator, 'evaluate'>

export interface EvaluatorParts {
  readonly configuration: Configuration
  readonly digestKey: Uint8Array
  readonly storage: Storage
  readonly directory: Pick<Directory, 'current'>
  readonly clock: Clock
  readonly deadlineMs?: number
}

export function createEvaluator(parts: EvaluatorParts): Evaluator {
  const remotes = listRemotes(parts.storage)
  const waiting = new Map<string, number>()
  let total = 0
  let turn: Promise<unknown> = Promise.resolve()
  let thread: Thread | undefined
  let idle: NodeJS.Timeout | undefined

  async function evaluateNow(
    route: EvaluatedRoute,
    request: Evaluation['request'],
    context: AdminContext,
  ): Promise<Response | Problem> {
    clearTimeout(idle)
    const { world } = parts.directory.current()
    thread ??= await startThread(parts, remotes)
    const isKnown = thread.revision === world.revision
    thread.revision = world.revision
    const { caller, reason, ifMatch, ip, userAgent, overridesTests = false } = context
    const deadlineMs = parts.deadlineMs ?? DEADLINE_MS
    const answer = await thread.ask(
      {
        route,
        request,
        context: { caller, reason, ifMatch, ip, userAgent, overridesTests },
        nowMs: parts.clock.nowMs(),
        world: isKnown ? undefined : copyWorld(world),
      },
      deadlineMs,
    )
    if (answer === 'late' || answer === 'ended') await stop()
    else idle = setTimeout(() => void stop(), IDLE_MS).unref()
    if (answer === 'late') return tooLong(deadlineMs)
    if (answer === 'ended') return tooLarge()
    return isProblem(answer) ? answer : respondJson(answer.body, answer)
  }

  async function stop(): Promise<void> {
    const old = thread
    thread = undefined
    await old?.terminate()
  }

  return {
    async evaluate(route, request, context) {
      const caller = principalOf(context.caller)
      const own = waiting.get(caller) ?? 0
      if (total >= MAX_WAITING || own >= MAX_WAITING_PER_CALLER) return busy()
      total += 1
      waiting.set(caller, own + 1)
      // Posting a long request blocks this thread, right after reading it did.
      const next = turn.then(() => nextTurn()).then(() => evaluateNow(route, request, context))
      turn = next.catch(() => undefined)
      return next.finally(() => {
        total -= 1
        const left = (waiting.get(caller) ?? 1) - 1
        if (left === 0) waiting.delete(caller)
        else waiting.set(caller, left)
      })
    },
    async close() {
      clearTimeout(idle)
      await stop()
    },
  }
}

type Remote = (...args: readonly unknown[]) => unknown
/** By the name of the port and its method, such as `events.list` */
type Remotes = ReadonlyMap<string, Remote>

function listRemotes(storage: EvaluationStorage): Remotes {
  const ports = storage as unknown as Readonly<Record<string, Readonly<Record<string, Remote>>>>
  return new Map(
    Object.entries(STORAGE_CALLS).flatMap(([port, names]) =>
      names.map((name) => [`${port}.${name}`, (...args) => ports[port]?.[name]?.(...args)] as const),
    ),
  )
}

interface Thread {
  /** Revision of the definitions sent last */
  revision: number | undefined
  /** @returns the result; `late` if it took too long; `ended` if the thread ran out of memory */
  ask(evaluation: Evaluation, deadlineMs: number): Promise<EvaluationReply | Problem | 'late' | 'ended'>
  terminate(): Promise<unknown>
}

async function startThread({ configuration, digestKey }: EvaluatorParts, remotes: Remotes): Promise<Thread> {
  const workerData: EvaluationSetup = { configuration, digestKey }
  const resourceLimits = { maxOldGenerationSizeMb: MAX_MEMORY_MIB }
  const worker = startWorker('../evaluator-worker', import.meta.url, { workerData, resourceLimits })
  /** The cause, if a call to the server failed inside the thread */
  let failed: Error | undefined
  worker.on('message', (message: FromEvaluator) => {
    if (message.type !== 'call') return
    void answerCall(worker, remotes, message).then((error) => {
      failed ??= error
    })
  })
  await waitFor(worker, START_MS, ({ type }) => (type === 'ready' ? true : undefined))
  return {
    revision: undefined,
    async ask(evaluation, deadlineMs) {
      failed = undefined
      send(worker, { type: 'evaluate', evaluation })
      return waitFor(worker, deadlineMs, (message) => {
        if (message.type === 'fault') throw failed ?? new Error(`evaluation failed: ${message.message}`)
        return message.type === 'answer' ? message.reply : undefined
      })
    },
    terminate: () => worker.terminate(),
  }
}

async function answerCall(
  worker: Worker,
  remotes: Remotes,
  { call, remote: { name, args } }: { readonly call: number; readonly remote: RemoteCall },
): Promise<Error | undefined> {
  try {
    const value = await remotes.get(name)?.(...args)
    send(worker, { type: 'returned', call, value })
  } catch (error) {
    send(worker, { type: 'threw', call, message: String(error) })
    return error instanceof Error ? error : new Error(String(error))
  }
  return undefined
}

/** @returns the first defined result of `read` */
function waitFor<T>(
  worker: Worker,
  deadlineMs: number,
  read: (message: FromEvaluator) => T | undefined,
): Promise<T | 'late' | 'ended'> {
  const { promise, resolve, reject } = Promise.withResolvers<T | 'late' | 'ended'>()
  const timer = setTimeout(() => resolve('late'), deadlineMs)
  const onMessage = (message: FromEvaluator) => {
    try {
      const found = read(message)
      if (found !== undefined) resolve(found)
    } catch (error) {
      reject(error as Error)
    }
  }
  const onError = (error: Error & { readonly code?: string }) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve('ended')
    else reject(error)
  }
  const onExit = () => resolve('ended')
  worker.on('message', onMessage).on('error', onError).on('exit', onExit)
  return promise.finally(() => {
    clearTimeout(timer)
    worker.off('message', onMessage).off('error', onError).off('exit', onExit)
  })
}

function send(worker: Worker, message: ToEvaluator): void {
  worker.postMessage(message)
}

function busy(): Problem {
  return buildProblem('busy', {
    detail: 'Too many evaluations are waiting.',
    headers: { 'retry-after': '2' },
  })
}

function tooLong(deadlineMs: number): Problem {
  const seconds = deadlineMs / 1000
  return buildProblem('too-much', {
    detail: `Evaluating this takes more than ${seconds} seconds. Reduce the request: a smaller draft, fewer users or decisions.`,
  })
}

function tooLarge(): Problem {
  return buildProblem('too-much', {
    detail: `Evaluating this takes more than ${MAX_MEMORY_MIB} MiB of memory. Reduce the request.`,
  })
}
