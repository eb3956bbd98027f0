// The path of a grant: each step runs once and in order; the commit may trigger another evaluation, within limits.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { DecisionRecord } from '@crosswalk/protocol'
import { describe, expect, test } from 'vitest'

import type { DecisionRecorder } from '../decision-recorder.ts'
import { parseForm } from '../http/form.ts'
import type { ChainPlace, LedgerOutcome, ReplayKey } from '../ports.ts'
import type { CallerFacts, Draft, Grant } from './grant.ts'
import { runGrant } from './run-grant.ts'

const RECEIVED_AT_MS = 1_800_000_000_000
const REQUEST = {
  form: parseForm('grant_type=toy'),
  headers: new Headers(),
  decisionId: 'dec_1',
  traceId: 'trc_1',
  receivedAtMs: RECEIVED_AT_MS,
  ip: undefined,
}
const BODY = { access_token: 'signed' }
const REFUSED = { http: 400, error: 'invalid_grant', error_description: 'no' }
const key = (kind: ReplayKey['kind'], name: string = kind): ReplayKey => ({ kind, key: name, expiresAt: 1 })
const COMMITTED: LedgerOutcome = { committed: true, chain: 'idp', seq: 7 }

interface Facts extends CallerFacts {
  readonly allowed: boolean
  readonly replayed?: boolean
  readonly observedAt?: number
}

interface World {
  readonly outcomes?: readonly LedgerOutcome[]
  readonly allowed?: boolean
  readonly draft?: Partial<Draft>
  readonly ignoresUse?: boolean
  /** How often definitions change while the request is observed */
  readonly changesWhileObserved?: number
  readonly observesDefinitions?: boolean
  readonly untilDefined?: boolean
  /** Whether definitions change while the draft is prepared */
  readonly change?: () => boolean
  /** Whether the grant is revoked while the draft is prepared */
  readonly revoke?: () => boolean
}

/** @returns the steps in order, and the response */
async function run(world: World) {
  const { outcomes = [], allowed = true, draft = {}, ignoresUse, untilDefined, change, revoke } = world
  let changesLeft = world.changesWhileObserved ?? 0
  const steps: string[] = []
  const commits: { keys: readonly string[]; definedAt: number | undefined }[] = []
  const judged: Facts[] = []
  let revision = 10
  let isRevoked = false
  const grant: Grant<Facts, { readonly revision: number }> = {
    snapshot: () => ({ revision }),
    observesDefinitions: world.observesDefinitions === true,
    async observe(_request, caller) {
      steps.push('observe')
      if (changesLeft > 0) [changesLeft, revision] = [changesLeft - 1, revision + 1]
      return { ...caller, allowed: allowed && !isRevoked }
    },
    observeNow: (facts, snapshot) => ({ ...facts, observedAt: snapshot.revision }),
    stillHolds: () => !isRevoked,
    evaluate(facts) {
      steps.push('evaluate')
      judged.push(facts)
      const { state } = facts.client
      const isAllowed = facts.allowed && (ignoresUse === true || facts.replayed !== true)
      const allow = isAllowed && state === 'authenticated' && facts.dpop.state !== 'refused'
      return { outcome: allow ? 'allow' : 'deny', wire: REFUSED } as DecisionRecord
    },
    describeRefusal: () => ({ type: 'toy.denied', grantId: 'g' }),
    draft: () => ({
      type: 'toy.issued',
      async issue() {
        steps.push('issue')
        return BODY
      },
      ...draft,
      ...(draft.prepare && {
        async prepare() {
          await draft.prepare?.()
          if (change?.() === true) revision += 1
          isRevoked = revoke?.() === true
        },
      }),
    }),
    withUsed: (facts) => ({ ...facts, replayed: true }),
  }
  const recorder: DecisionRecorder = {
    async refuse(_record, about) {
      await nextTurn()
      steps.push(`refuse ${about.type} ${about.authenticated ? 'durably' : 'in the ring'}`)
    },
    fault: async () => undefined,
    async grant(_record, { replayKeys = [], definedAt }) {
      steps.push('commit')
      commits.push({ keys: replayKeys.map((one) => one.key), definedAt })
      return outcomes[commits.length - 1] ?? COMMITTED
    },
  }
  const answer = await runGrant(grant, REQUEST, {
    clock: { nowMs: () => RECEIVED_AT_MS + 5 },
    clients: {
      usedAssertion: { state: 'refused', code: 'XAA1102', detail: 'used' },
      observe: () => ({
        fact: { state: 'authenticated', clientId: 'app', method: 'private_key_jwt' },
        replayKeys: [key('client-assertion')],
      }),
    },
    dpop: { observe: () => ({ fact: { state: 'proved', jkt: 'jkt' }, replayKey: key('dpop'), nonce: 'n1' }) },
    recorder,
    ...(untilDefined === true
      ? {
          untilDefined: async (to: number) => {
            steps.push(`until ${to}`)
            revision = to
          },
        }
      : {}),
  })
  return { steps, commits, judged, answer }
}

test('observes, evaluates, commits, and only then issues', async () => {
  const { steps, commits, judged, answer } = await run({ draft: { replayKeys: [key('saml')] } })
  expect(steps).toEqual(['observe', 'evaluate', 'commit', 'issue'])
  expect(commits).toEqual([{ keys: ['client-assertion', 'dpop', 'saml'], definedAt: undefined }])
  expect(judged[0]).toMatchObject({ nowMs: RECEIVED_AT_MS, elapsedMs: 5, mode: 'enforced', observedAt: 10 })
  expect(answer).toEqual({ http: 200, body: BODY, headers: { 'dpop-nonce': 'n1' } })
})

describe('prepare', () => {
  test('runs before anything is recorded', async () => {
    const order: string[] = []
    const reserve = () => {
      order.push('reserve')
      return { settle: () => order.push('settle'), release: () => order.push('release') }
    }
    const prepare = async () => void order.push('prepare')
    const { steps } = await run({ draft: { prepare, reserve } })
    expect(order).toEqual(['reserve', 'prepare', 'settle'])
    expect(steps).toEqual(['observe', 'evaluate', 'commit', 'issue'])
  })

  test('leaves no trace if it fails', async () => {
    const seen: string[] = []
    const reserve = () => ({ settle: () => seen.push('settle'), release: () => seen.push('release') })
    const prepare = () => Promise.reject(new Error('the device is away'))
    const failed = await run({ draft: { prepare, reserve } }).catch((error: unknown) => error)
    expect(failed).toMatchObject({ message: 'the device is away' })
    expect(seen).toEqual(['release'])
  })

  test.each([
    ['once', 1, [11]],
    ['endlessly', 9, [15]],
  ])('definitions that this process changes meanwhile (%s) are evaluated', async (_, changes, reached) => {
    let left = changes
    const { steps, judged } = await run({
      change: () => (left -= 1) >= 0,
      draft: { prepare: async () => undefined },
    })
    expect(steps.filter((step) => step === 'commit')).toHaveLength(1)
    expect(judged.slice(-1).map(({ observedAt }) => observedAt)).toEqual(reached)
  })
})

test.each([
  ['what was revoked while it was prepared', true, ['evaluate', 'refuse toy.denied durably'], 400],
  ['what still holds', false, ['commit', 'issue'], 200],
])('%s is observed again, and only what holds is committed', async (_, revoked, ends, http) => {
  const { steps, answer } = await run({ revoke: () => revoked, draft: { prepare: async () => undefined } })
  expect([steps.slice(-2), answer]).toMatchObject([ends, { http }])
  expect(steps.filter((step) => step === 'observe')).toHaveLength(revoked ? 2 : 1)
})

test('a refusal is recorded before responding, and nothing is drafted', async () => {
  const draft = {
    issue: () => {
      throw new Error('issued')
    },
  }
  const { steps, answer } = await run({ allowed: false, draft })
  expect(steps).toEqual(['observe', 'evaluate', 'refuse toy.denied durably'])
  expect(answer).toMatchObject({ http: 400, body: { error: 'invalid_grant' } })
})

describe('a used replay key', () => {
  test.each([
    ['saml', { replayed: true }, 'durably'],
    ['dpop', { dpop: { state: 'refused', detail: 'proof already used' } }, 'durably'],
    ['client-assertion', { client: { state: 'refused', code: 'XAA1102' } }, 'in the ring'],
  ] as const)('%s: the same facts are evaluated again with it', async (kind, known, where) => {
    const used: LedgerOutcome = { committed: false, used: key(kind) }
    const { steps, judged, answer } = await run({ outcomes: [used] })
    expect(steps).toEqual(['observe', 'evaluate', 'commit', 'evaluate', `refuse toy.denied ${where}`])
    expect(judged[1]).toMatchObject(known)
    expect(answer).toMatchObject({ http: 400 })
  })

  test('is a fault if the evaluation still allows the request', async () => {
    const used: LedgerOutcome = { committed: false, used: key('saml') }
    await expect(run({ outcomes: [used], ignoresUse: true })).rejects.toThrow('must be refused')
  })
})

describe('a token with several uses', () => {
  const draft = { uses: [key('id-jag', 'first'), key('id-jag', 'second'), key('id-jag', 'third')] }
  const used = (kind: ReplayKey['kind']): LedgerOutcome => ({ committed: false, used: key(kind) })

  test.each([
    ['the first free use', [used('id-jag')], ['first', 'second'], 'issue'],
    ['no use if all are used', Array(3).fill(used('id-jag')), ['first', 'second', 'third'], 'refuse'],
    ['no further use if a proof was already used', [used('dpop')], ['first'], 'refuse'],
  ])('spends %s', async (_, outcomes, tried, end) => {
    const { commits, steps } = await run({ outcomes, draft })
    expect(commits.map(({ keys }) => keys.at(-1))).toEqual(tried)
    expect(commits.every(({ keys }) => keys[1] === 'dpop')).toBe(true)
    expect(steps.at(-1)).toContain(end)
  })
})

describe('a reservation', () => {
  test.each([
    ['settles with the place of the event', COMMITTED, 'settle idp 7'],
    ['is released if nothing was committed', { committed: false, used: key('saml') }, 'release'],
  ] as const)('%s', async (_, outcome, end) => {
    const seen: string[] = []
    const reserve = () => {
      seen.push('reserve')
      return {
        settle: ({ chain, seq }: ChainPlace) => seen.push(`settle ${chain} ${seq}`),
        release: () => seen.push('release'),
      }
    }
    await run({ outcomes: [outcome], draft: { reserve } })
    expect(seen).toEqual(['reserve', end])
  })
})

test('an account that another request created first is observed, whether or not definitions are compared', async () => {
  const taken: LedgerOutcome = { committed: false, accountTaken: true }
  for (const untilDefined of [false, true]) {
    const { steps, answer } = await run({ outcomes: [taken], untilDefined })
    expect(steps).toEqual(['observe', 'evaluate', 'commit', 'observe', 'evaluate', 'commit', 'issue'])
    expect(answer).toMatchObject({ http: 200 })
  }
  const always = Array.from({ length: 20 }, () => taken)
  await expect(run({ outcomes: always })).rejects.toThrow('nothing can observe')
})

describe('newer definitions', () => {
  const outdated = (count: number): readonly LedgerOutcome[] =>
    Array.from({ length: count }, (_, index) => ({ committed: false, changedAt: index + 1 }))

  test.each([
    [0, [10], []],
    [1, [10, 1], ['until 1']],
    [4, [10, 1, 2, 3, 4], ['until 1', 'until 2', 'until 3', 'until 4']],
    [5, [10, 1, 2, 3, 4, undefined], ['until 1', 'until 2', 'until 3', 'until 4', 'until 5']],
  ])(
    'after %i changes the request is observed and evaluated that many more times',
    async (count, compared, waits) => {
      const { commits, steps, answer } = await run({ outcomes: outdated(count), untilDefined: true })
      expect(commits.map(({ definedAt }) => definedAt)).toEqual(compared)
      expect(steps.filter((step) => step.startsWith('until'))).toEqual(waits)
      expect(steps.filter((step) => step === 'observe')).toHaveLength(count + 1)
      expect(answer).toMatchObject({ http: 200 })
    },
  )

  test.each([
    ['if the observation depends on them', true, 1, 2],
    ['not if it does not', false, 1, 1],
    ['but finally used as observed', true, 9, 6],
  ])(
    'during the observation: observed again %s',
    async (_, observesDefinitions, changesWhileObserved, observed) => {
      const { steps, answer } = await run({ observesDefinitions, changesWhileObserved })
      expect(steps).toEqual([
        ...Array.from({ length: observed }, () => 'observe'),
        ...['evaluate', 'commit', 'issue'],
      ])
      expect(answer).toMatchObject({ http: 200 })
    },
  )

  test('are not compared if no other process changes them', async () => {
    const { commits } = await run({})
    expect(commits).toMatchObject([{ definedAt: undefined }])
  })
})
