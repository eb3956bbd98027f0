import { expect, it, onTestFinished, vi } from 'vitest'

import { createLiveUpdates } from './live-updates.ts'

const READY = 'event: ready\ndata: {}\n\n'
const FOLLOW = { isOver: async () => false }

async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string): Promise<string> {
  let text = ''
  while (!text.includes(wanted)) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`the stream ended after ${text}`)
    text += new TextDecoder().decode(value)
  }
  return text
}

it('reports what changed without the new values, and ends with the server', async () => {
  let definitions = '1'
  let seq = 1
  const live = createLiveUpdates({
    readDefinitions: () => definitions,
    readLogs: async () => new Map([['idp', seq]]),
    onFault: (fault) => expect.unreachable(String(fault)),
  })
  const response = live.open(FOLLOW)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = (response.body ?? expect.unreachable()).getReader()
  await readUntil(reader, 'event: ready')
  seq = 2
  expect(await readUntil(reader, 'data: {"')).toContain('data: {"definitions":false,"logs":["idp"]}')
  definitions = '2'
  expect(await readUntil(reader, 'data: {"')).toContain('data: {"definitions":true,"logs":[]}')
  live.close()
  expect((await reader.read()).done).toBe(true)
})

it('is ready once it knows the initial state', async () => {
  const answers: ((logs: ReadonlyMap<string, number>) => void)[] = []
  const live = createLiveUpdates({
    readDefinitions: () => '1',
    readLogs: () => new Promise((resolve) => answers.push(resolve)),
    onFault: (fault) => expect.unreachable(String(fault)),
  })
  const follow = () => (live.open(FOLLOW).body ?? expect.unreachable()).getReader()
  const [first, second] = [follow(), follow()]
  expect(new TextDecoder().decode((await first.read()).value)).toBe('retry: 2000\n\n')
  answers.shift()?.(new Map([['idp', 1]]))
  expect(await readUntil(first, 'event: ready')).toBe(READY)
  await readUntil(second, 'event: ready')
  await readUntil(follow(), 'event: ready')
  live.close()
})

it.each([
  ['nothing', {}, undefined],
  ['a definition', { definitions: '2' }, '{"definitions":true,"logs":[]}'],
  ['a log', { seq: 2 }, '{"definitions":false,"logs":["idp"]}'],
])('reports %s that changed between the first read of a page and its stream', async (_, changed, told) => {
  let state = { definitions: '1', seq: 1 }
  const live = createLiveUpdates({
    readDefinitions: () => state.definitions,
    readLogs: async () => new Map([['idp', state.seq]]),
    onFault: (fault) => expect.unreachable(String(fault)),
  })
  const since = await live.describe()
  state = { ...state, ...changed }
  for (const place of ['the first stream', 'another one']) {
    const reader = (live.open({ ...FOLLOW, since }).body ?? expect.unreachable()).getReader()
    const first = await readUntil(reader, told === undefined ? 'event: ready' : 'data: {"')
    expect(first.replace('retry: 2000\n\n', ''), place).toBe(
      told === undefined ? READY : `${READY}data: ${told}\n\n`,
    )
  }
  live.close()
})

it('ends the stream of a session that has ended, within a quarter of a minute, and no other', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  let ended = false
  const live = createLiveUpdates({
    readDefinitions: () => '1',
    readLogs: async () => new Map([['idp', 1]]),
    onFault: (fault) => expect.unreachable(String(fault)),
  })
  const follow = (isOver: () => Promise<boolean>) =>
    (live.open({ isOver }).body ?? expect.unreachable()).getReader()
  const [own, other] = [follow(async () => ended), follow(async () => false)]
  for (const reader of [own, other]) await readUntil(reader, 'event: ready')
  await vi.advanceTimersByTimeAsync(15_000)
  for (const reader of [own, other]) expect(await readUntil(reader, 'alive')).toBe(': alive\n\n')
  ended = true
  await vi.advanceTimersByTimeAsync(15_000)
  expect(await readUntil(own, 'over')).toBe('event: over\ndata: {}\n\n')
  expect((await own.read()).done).toBe(true)
  expect(await readUntil(other, 'alive')).toBe(': alive\n\n')
  live.close()
})

it('checks the other sessions if a page is closed while its own is checked', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const faults: unknown[] = []
  const live = createLiveUpdates({
    readDefinitions: () => '1',
    readLogs: async () => new Map([['idp', 1]]),
    onFault: (fault) => faults.push(fault),
  })
  const follow = (isOver: () => Promise<boolean>) =>
    (live.open({ isOver }).body ?? expect.unreachable()).getReader()
  const closed = follow(async () => {
    await closed.cancel()
    return false
  })
  const other = follow(async () => true)
  await vi.advanceTimersByTimeAsync(15_000)
  expect(faults).toEqual([])
  expect(await readUntil(other, 'over')).toContain('event: over')
  live.close()
})
