// Following a list: no item is lost, even in a burst or after lost connections.
import { AdminApiError } from '@crosswalk/admin-api'
import { describe, expect, it } from 'vitest'

import { CliError } from '../cli-error.ts'
import { follow } from './follow.ts'

interface Item {
  readonly id: string
  readonly atMs: number
}
type Query = { readonly since: string; readonly limit: number; readonly cursor?: string }

const PACE = { intervalMs: 5, heartbeatMs: 60_000, mostAtOnce: 10_000 }
const unreachable = new TypeError('fetch failed')

/** Each step is one poll: the items it returns, or the error it throws. */
async function followSteps(steps: readonly (readonly Item[] | Error)[], pace: Partial<typeof PACE> = {}) {
  const streams = { out: '', err: '' }
  let step = -1
  let requests = 0
  const read = async ({ since, limit, cursor }: Query) => {
    if (cursor === undefined) step += 1
    const there = steps[Math.min(step, steps.length - 1)] ?? []
    if (there instanceof Error) throw there
    requests += 1
    const items = there.filter(({ atMs }) => atMs >= Date.parse(since)).toSorted((a, b) => b.atMs - a.atMs)
    const from = Number(cursor ?? 0)
    const next = from + limit < items.length ? String(from + limit) : null
    return { items: items.slice(from, from + limit), next }
  }
  // Each poll advances the clock, so that no test waits.
  let nowMs = START
  const terminal = {
    writeOut: (text: string) => void (streams.out += text),
    writeErr: (text: string) => void (streams.err += text),
    stdin: [],
    isStdinTerminal: false,
    env: {},
    nowMs: () => (step >= steps.length - 1 ? END : (nowMs += 1)),
    endWith: () => undefined,
    suggest: (commandLine: string) => commandLine,
  }
  const options = { server: 'http://there.test', output: 'text', for: (END - START) / 1000 } as const
  const followed = {
    read,
    idOf: ({ id }: Item) => id,
    timeOf: ({ atMs }: Item) => new Date(atMs).toISOString(),
    render: ({ id }: Item) => id,
  }
  const failure = await follow(terminal, options, followed, { ...PACE, ...pace }).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { ...streams, shown: streams.out.split('\n').filter(Boolean), requests, failure }
}

const START = Date.parse('2026-03-02T09:00:00Z')
const END = START + 3_600_000
const items = (count: number, from = 0): readonly Item[] =>
  Array.from({ length: count }, (_, index) => ({ id: `e${from + index}`, atMs: START + from + index }))
const names = (count: number, from = 0) => items(count, from).map(({ id }) => id)

describe('follow', () => {
  it('shows each item once, oldest first', async () => {
    const { shown, err } = await followSteps([items(2), items(4), items(5)])
    expect([shown, err]).toEqual([names(5), ''])
  })

  it('reads every page of a burst', async () => {
    const { shown, requests, err } = await followSteps([items(1), items(1001)])
    expect([shown.length, new Set(shown).size, err]).toEqual([1001, 1001, ''])
    expect(requests).toBe(1 + 6)
  })

  it('reports when more items arrived than it shows', async () => {
    const few = { mostAtOnce: 300 }
    const burst = await followSteps([items(1), items(401)], few)
    expect(burst.shown).toEqual([...names(1), ...names(300, 101)])
    expect(burst.err).toMatch(/more than 300 arrived together: the oldest were missed/)
    const fits = await followSteps([items(1), items(300), items(500)], few)
    expect([fits.shown, fits.err]).toEqual([names(500), ''])
  })

  it('resumes where it stopped when the server is back', async () => {
    const { shown, err, failure } = await followSteps([items(2), unreachable, unreachable, items(700)])
    expect([shown, failure]).toEqual([names(700), undefined])
    expect(err).toMatch(
      /^\S+ {2}http:\/\/there\.test cannot be reached; trying again\n\S+ {2}connected again, missed 0\n$/,
    )
  })

  it.each([429, 503])('goes on after a response with status %i', async (status) => {
    const busy = new AdminApiError(status, { type: 'urn:x:busy', title: 'Busy', status })
    const { shown, failure } = await followSteps([items(2), busy, items(4)])
    expect([shown, failure]).toEqual([names(4), undefined])
  })

  it('ends when its time is up, and reports since when the server was unreachable', async () => {
    const { failure } = await followSteps([items(1), unreachable])
    expect(failure).toBeInstanceOf(CliError)
    expect(failure).toMatchObject({
      exitCode: 8,
      message: expect.stringMatching(/not be reached since 2026/),
    })
  })

  it.each([
    ['was never reached', [unreachable, items(1)]],
    ['fails for another reason', [items(1), new RangeError('ours'), items(2)]],
  ])('ends immediately if the server %s', async (_, steps) => {
    expect((await followSteps(steps)).failure).toBe(steps.find((step) => step instanceof Error))
  })

  it('prints a heartbeat', async () => {
    const { err } = await followSteps([items(1), items(1)], { heartbeatMs: 0 })
    expect(err).toMatch(/nothing new, missed 0\n/)
  })
})
