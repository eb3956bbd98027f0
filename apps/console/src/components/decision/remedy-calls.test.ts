// Reading the calls of a remedy, as the server writes them.
import { expect, it } from 'vitest'

import { readCalls } from './remedy-calls.ts'

it('reads one call per line, with the parameters of their routes', () => {
  expect(readCalls('PATCH /connections/agent0-todo0 {"status":"active"}\nPOST /apps/agent0/resume')).toEqual([
    { route: 'connections.change', params: { id: 'agent0-todo0' }, body: { status: 'active' } },
    { route: 'apps.resume', params: { id: 'agent0' }, body: undefined },
  ])
})

it('reads the id of an app that is a URL', () => {
  const id = 'https://agent.test/my client'
  expect(readCalls(`PATCH /apps/${encodeURIComponent(id)} {"active":true}`)).toEqual([
    { route: 'apps.change', params: { id }, body: { active: true } },
  ])
})

it.each([
  'PATCH /nothing/agent0 {}',
  'PATCH /apps/50% {}',
  'active: true',
  'POST /apps/agent0/resume\nEDIT crosswalk.yaml',
])('reads nothing if any line is no call: %j', (text) => {
  expect(readCalls(text)).toBeUndefined()
})
