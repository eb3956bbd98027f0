import { expect, it } from 'vitest'

import { findPage } from './ref-link.tsx'

it.each([
  ['connection.exists', 'con_88', { to: '/connections/con_88' }],
  ['target.active', 'todo0', { to: '/resource-apps/todo0' }],
  ['actor.known', 'https://a.test/x', { to: '/apps/https%3A%2F%2Fa.test%2Fx' }],
  ['policy.rules', 'no-agents', { to: '/policies/no-agents' }],
  ['blocks', 'blk_1', { to: '/blocks' }],
  ['people.connection', 'req_1', { to: '/inbox', search: { open: 'req_1' } }],
])('%s leads from %s to its page', (check, id, target) => {
  expect(findPage(check, id)).toEqual(target)
})

it('links nothing without a page', () => {
  expect(findPage('account', 'acc_1')).toBeUndefined()
  expect(findPage('constructor.x', 'y')).toBeUndefined()
})
