import { expect, it } from 'vitest'

import { describeProgress, startProgress, whileWaiting } from './progress.ts'

function screenOf(isTerminal: boolean) {
  const screen = { written: '', now: 0 }
  const terminal = {
    nowMs: () => screen.now,
    ...(isTerminal ? { rewriteErr: (text: string) => void (screen.written += `[${text}]`) } : {}),
  }
  return { screen, terminal }
}

it.each([
  [1200, 2000, 4800, '1,200 of 4,800 events · 600/s · 6 s left'],
  [0, 2000, 4800, '0 of 4,800 events · 0/s'],
  [1, 2000, undefined, '1 event · 1/s'],
  [4801, 2000, 4800, '4,801 events · 2,401/s'],
])('%d after %d ms of %s: %s', (done, elapsedMs, total, line) => {
  const known = total === undefined ? {} : { total }
  expect(describeProgress(done, elapsedMs, { noun: 'event', ...known })).toBe(line)
})

it('shows nothing in the first second, then one line that is cleared at the end', () => {
  const { screen, terminal } = screenOf(true)
  const progress = startProgress(terminal, { noun: 'event', total: 10 })
  screen.now = 999
  progress.update(1)
  expect(screen.written).toBe('')
  screen.now = 2000
  progress.update(4)
  progress.update(5)
  progress.end()
  expect(screen.written).toBe('[4 of 10 events · 2/s · 3 s left][]')
})

it('writes nothing if standard error is not a terminal', async () => {
  const { screen, terminal } = screenOf(false)
  const progress = startProgress(terminal, { noun: 'event' })
  screen.now = 5000
  progress.update(4)
  progress.end()
  expect(await whileWaiting(terminal, 'verifying', Promise.resolve(1))).toBe(1)
  expect(screen.written).toBe('')
})
