import { expect, it } from 'vitest'

import { renderApiCall } from './api-call.ts'

it.each([
  [
    ['PATCH', ['connections', 'agent0-todo0'], { status: 'active' }],
    'PATCH /connections/agent0-todo0 {"status":"active"}',
  ],
  [
    ['POST', ['apps', 'https://agent.test/my client', 'resume']],
    'POST /apps/https%3A%2F%2Fagent.test%2Fmy%20client/resume',
  ],
  [['DELETE', ['blocks', 'blk_1']], 'DELETE /blocks/blk_1'],
] as const)('renders %j', ([method, path, body], line) => {
  expect(renderApiCall(method, path, body)).toBe(line)
})
