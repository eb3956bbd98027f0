import type { XaaCode } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { createChecklist } from '../checklist.ts'
import type { ExchangeFacts } from '../exchange-facts.ts'
import { makeFacts, TODO_RESOURCE } from '../testing/exchange-world.ts'
import { buildAccessPageUri } from './access-page.ts'

const PAGE = 'https://idp.acme.test/request'
const WITHOUT_RESOURCE = `${PAGE}?app=agent0`
const WITH_RESOURCE = `${WITHOUT_RESOURCE}&resource=https%3A%2F%2Ftodo.vendor.test%2Fmcp`

function build(code: XaaCode | undefined, change: Partial<ExchangeFacts> = {}, resource = [TODO_RESOURCE]) {
  const list = createChecklist()
  if (code !== undefined) list.fail('people.connection', code)
  return buildAccessPageUri(list, makeFacts({ accessPage: PAGE, ask: { resource }, ...change }))
}

it.each<[string, XaaCode | undefined, string | undefined]>([
  ['a user who is not assigned', 'XAA1503', WITH_RESOURCE],
  ['a block, which looks the same to the app', 'XAA1901', WITH_RESOURCE],
  ['scopes that the connection does not allow', 'XAA1602', WITH_RESOURCE],
  ['a malformed scope, which no user can have', 'XAA1606', undefined],
  ['an expired token, which a sign-in fixes', 'XAA1202', undefined],
  ['a server fault', 'XAA9001', undefined],
  ['no refusal', undefined, undefined],
])('%s', (_, code, uri) => {
  expect(build(code)).toBe(uri)
})

it('needs a page and a known app', () => {
  expect(build('XAA1503', { accessPage: undefined })).toBeUndefined()
  const client = { state: 'refused', code: 'XAA1101', detail: 'no credentials' } as const
  expect(build('XAA1503', { client })).toBeUndefined()
})

it('names the resource only if there is exactly one', () => {
  expect(build('XAA1503', {}, [])).toBe(WITHOUT_RESOURCE)
  expect(build('XAA1503', {}, [TODO_RESOURCE, 'https://b.test/'])).toBe(WITHOUT_RESOURCE)
})

it.each([
  [2048, true],
  [2049, false],
])('a URI of %i characters is sent: %s', (length, told) => {
  const resource = 'x'.repeat(length - `${WITHOUT_RESOURCE}&resource=`.length)
  expect(build('XAA1503', {}, [resource])?.length).toBe(told ? length : undefined)
})
