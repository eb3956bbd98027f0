import { describe, expect, test } from 'vitest'

import type { AuditEvent } from '../records/audit-event.ts'
import { createSecretGuesses, type SecretGuesser } from './secret-guesses.ts'

const AGENT: SecretGuesser = { clientId: 'agent', registered: true, ip: '192.0.2.1' }
const START = Date.parse('2026-01-01T00:00:00Z')

function createScene() {
  const events: AuditEvent[] = []
  const guesses = createSecretGuesses({ record: async (event) => events.push(event) }, () => undefined)
  const scene = {
    events,
    now: START,
    wrong: (guesser = AGENT) => guesses.check(guesser, () => false, scene.now),
    right: (guesser = AGENT) => guesses.check(guesser, () => true, scene.now),
    fail(times: number, guesser = AGENT) {
      for (let count = 0; count < times; count += 1) scene.wrong(guesser)
    },
  }
  return scene
}

test.each([
  ['9 wrong secrets', 9, { state: 'wrong' }],
  ['10 wrong secrets', 10, { state: 'delayed', retryAfterSeconds: 1 }],
])('after %s, the next wrong secret is checked or delayed', (_, failures, verdict) => {
  const scene = createScene()
  scene.fail(failures)
  expect(scene.wrong()).toEqual(verdict)
})

test('a delayed guess does not reveal whether the secret was right', () => {
  const scene = createScene()
  scene.fail(10)
  expect(scene.right()).toEqual({ state: 'delayed', retryAfterSeconds: 1 })
  scene.now += 1000
  expect(scene.right()).toEqual({ state: 'right' })
})

test.each([
  ['another address', { ...AGENT, ip: '192.0.2.2' }],
  ['another client', { ...AGENT, clientId: 'other' }],
  ['an unknown address', { ...AGENT, ip: undefined }],
])('the right secret is accepted from %s while guesses are delayed', (_, other) => {
  const scene = createScene()
  scene.fail(10)
  expect(scene.wrong().state).toBe('delayed')
  expect(scene.right(other)).toEqual({ state: 'right' })
})

test('guesses for made-up clients do not displace those for a real one', () => {
  const scene = createScene()
  scene.fail(10)
  for (let index = 0; index < 10_000; index += 1)
    scene.wrong({ ...AGENT, clientId: `made-up-${index}`, registered: false })
  expect(scene.wrong().state).toBe('delayed')
})

test('addresses of one IPv6 network wait together', () => {
  const scene = createScene()
  scene.fail(10, { ...AGENT, ip: '2001:db8::1' })
  expect(scene.wrong({ ...AGENT, ip: '2001:db8::2' }).state).toBe('delayed')
  expect(scene.wrong({ ...AGENT, ip: '2001:db8:0:1::1' }).state).toBe('wrong')
})

test('delays double up to one minute', () => {
  const scene = createScene()
  scene.fail(10)
  const waits = Array.from({ length: 8 }, () => {
    const verdict = scene.wrong()
    if (verdict.state !== 'delayed') return undefined
    scene.now += verdict.retryAfterSeconds * 1000
    scene.fail(1)
    return verdict.retryAfterSeconds
  })
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
})

test('the right secret resets the count', () => {
  const scene = createScene()
  scene.fail(9)
  expect(scene.right()).toEqual({ state: 'right' })
  scene.fail(9)
  expect(scene.wrong()).toEqual({ state: 'wrong' })
  expect(scene.wrong().state).toBe('delayed')
})

describe('the audit log', () => {
  test('gets one event per delay, however many guesses it refuses', () => {
    const scene = createScene()
    scene.fail(10)
    expect(scene.events).toEqual([])
    scene.fail(100)
    expect(scene.events).toMatchObject([
      {
        type: 'client.authentication_delayed',
        target: { kind: 'app', id: 'agent' },
        source: { ip: '192.0.2.1' },
      },
    ])
    scene.now += 1000
    scene.fail(100)
    expect(scene.events).toHaveLength(2)
  })

  test('gets no event for an unregistered client, whose guesses are delayed as well', () => {
    const scene = createScene()
    const nobody = { ...AGENT, clientId: 'nobody', registered: false }
    scene.fail(10, nobody)
    expect(scene.wrong(nobody).state).toBe('delayed')
    expect(scene.events).toEqual([])
  })
})
