import { describe, expect, test } from 'vitest'

import { type Block, findBlock, findSignInBlock } from './blocks.ts'

const NOW = 1_800_000_000
const AT_NOW = '2027-01-15T08:00:00Z'
const asked = { now: NOW, userId: 'usr_alice', appId: 'agent0', connectionId: 'agent0-todo0' }
const block = (change: Partial<Block>): Block => ({
  id: 'blk_1',
  kind: 'app',
  target: 'agent0',
  by: 'admin',
  ...change,
})

test.each([
  ['the app', {}, true, true],
  ['another app', { target: 'other' }, false, false],
  ['the user', { kind: 'user', target: 'usr_alice' }, true, true],
  ['another user', { kind: 'user', target: 'usr_bob' }, false, false],
  ['the connection', { kind: 'connection', target: 'agent0-todo0' }, true, true],
  ['everything', { kind: 'everything', target: '*' }, true, false],
  ['the app, for this user only', { onlyFor: 'usr_alice' }, true, true],
  ['the app, for another user only', { onlyFor: 'usr_bob' }, false, false],
  ['the app, until a second from now', { until: '2027-01-15T08:00:01Z' }, true, true],
  ['the app, until now', { until: AT_NOW }, false, false],
  ['the app, until an unreadable time', { until: 'soon' }, true, true],
] as const)('a block of %s', (_, change, covers, coversSignIn) => {
  const blocks = [block({ id: 'blk_other', target: 'elsewhere' }), block(change)]
  expect(findBlock(blocks, asked)?.id).toBe(covers ? 'blk_1' : undefined)
  expect(findSignInBlock(blocks, asked)?.id).toBe(coversSignIn ? 'blk_1' : undefined)
})

test('a block for one user does not cover a request without a user', () => {
  const [own, common] = [block({ onlyFor: 'usr_bob' }), block({})]
  const question = { ...asked, userId: undefined }
  expect(findBlock([own], question)).toBeUndefined()
  expect(findBlock([own, common], question)).toBe(common)
})

test('a block of an app covers what it does as the actor of another app', () => {
  const blocks = [block({ target: 'gateway' })]
  expect(findBlock(blocks, { ...asked, actorId: 'gateway' })).toBe(blocks[0])
  expect(findBlock(blocks, { ...asked, actorId: 'other' })).toBeUndefined()
})

describe('a request without a connection', () => {
  test('is not covered by a block on a connection', () => {
    const blocks = [block({ kind: 'connection', target: 'agent0-todo0' })]
    expect(findSignInBlock(blocks, { now: NOW, userId: 'usr_alice', appId: 'agent0' })).toBeUndefined()
  })
})
