// Evaluation in another thread: one that takes too long is stopped, and the next one runs.
import { randomBytes } from 'node:crypto'

import type { ConfigurationDocument } from '@crosswalk/admin-api'
import { createSealing, createSecretHasher } from '@crosswalk/as-core'
import { openStorage } from '@crosswalk/storage'
import { describe, expect, it } from 'vitest'

import { parseConfiguration } from '../config-file/load-configuration.ts'
import { createDirectory } from '../definitions/directory.ts'
import { createEvaluator } from './evaluator.ts'

/** @param fault - of every read by an evaluation, until it is removed */
async function open(deadlineMs: number, fault: { error?: Error } = {}) {
  const file = { baseUrl: 'http://127.0.0.1:4000', database: 'sqlite::memory:', idp: {} }
  const { configuration } = parseConfiguration(JSON.stringify(file), 'test.json', {})
  if (configuration === undefined) throw new Error('the configuration is not valid')
  const storage = await openStorage('sqlite::memory:')
  const digestKey = randomBytes(32)
  const sealing = createSealing(digestKey)
  const hasher = createSecretHasher(sealing)
  const { objects } = storage
  const clock = { nowMs: () => Date.now() }
  const directory = await createDirectory({
    configuration,
    objects,
    hasher,
    sealing,
    clock,
    onFault: () => undefined,
  })
  const faulty = new Proxy(objects, {
    get: (all, name) =>
      fault.error === undefined ? Reflect.get(all, name) : () => Promise.reject(fault.error),
  })
  const evaluator = createEvaluator({
    ...{ configuration, digestKey, directory, clock, deadlineMs },
    storage: { ...storage, objects: faulty },
  })
  const plan = (document: ConfigurationDocument, by = 'tester') =>
    evaluator.evaluate(
      'configuration.plan',
      { params: undefined, query: undefined, body: { document, prune: false, setSecrets: false } },
      {
        caller: { id: by, role: 'auditor' },
        reason: undefined,
        ifMatch: undefined,
        ip: undefined,
      },
    )
  const close = async () => {
    await evaluator.close()
    directory.close()
    await storage.close()
  }
  return { plan, close }
}

const users = (count: number) => ({
  idp: { users: Array.from({ length: count }, (_, at) => ({ id: `usr_${at}`, username: `u${at}` })) },
})

describe('an evaluation', () => {
  it('returns what its route returns', async () => {
    const { plan, close } = await open(60_000)
    const response = await plan({ idp: { users: [] } })
    if (!(response instanceof Response)) throw new Error('there is no response')
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'no-store',
      'content-type': 'application/json',
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
    })
    expect(await response.json()).toMatchObject({ changes: [], problems: [] })
    await close()
  })

  it('that exceeds its deadline is stopped, and later ones are not', async () => {
    const { plan, close } = await open(1500)
    const [late, next] = await Promise.all([plan(users(200_000), 'one'), plan({ idp: {} }, 'other')])
    expect(late).toMatchObject({
      problem: {
        status: 422,
        detail: expect.stringMatching(/^Evaluating this takes more than 1\.5 seconds/),
      },
    })
    expect(next).toMatchObject({ status: 200 })
    await close()
  })

  it('that fails is a fault, and the next one succeeds', async () => {
    const { plan, close } = await open(60_000)
    await expect(plan(null as never)).rejects.toThrow(/^evaluation failed/)
    expect(await plan({ idp: {} })).toMatchObject({ status: 200 })
    await close()
  })

  it('that cannot read the database ends with that fault, and the next one succeeds', async () => {
    const fault: { error?: Error } = { error: new Error('the database is away') }
    const { plan, close } = await open(60_000, fault)
    await expect(plan(users(1))).rejects.toBe(fault.error)
    delete fault.error
    expect(await plan(users(1))).toMatchObject({ status: 200 })
    await close()
  })

  it('queues, at most four per caller and sixteen in total', async () => {
    const { plan, close } = await open(60_000)
    const callers = ['a', 'b', 'c', 'd', 'e'].flatMap((by) => Array.from({ length: 5 }, () => by))
    const answers = await Promise.all(callers.map((by) => plan({ idp: {} }, by)))
    const done = callers.filter((_, at) => 'status' in (answers[at] ?? {}))
    expect(done.join('')).toBe('aaaabbbbccccdddd')
    const refused = answers.filter((answer) => 'problem' in answer)
    for (const one of refused)
      expect(one).toMatchObject({ problem: { status: 503 }, headers: { 'retry-after': '2' } })
    await close()
  })
})
