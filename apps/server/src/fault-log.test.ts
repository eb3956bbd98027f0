import { expect, it } from 'vitest'

import { createFaultLog } from './fault-log.ts'

it.each([
  ['a defect', new TypeError('x is undefined'), true],
  ['something thrown that is no error', 'text', true],
  [
    'a database that cut the connection',
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
    true,
  ],
  ['a caller who hung up', Object.assign(new Error('aborted'), { code: 'ECONNRESET' }), false],
])('%s', (_title, fault, logged) => {
  const lines: string[] = []
  createFaultLog((line) => lines.push(line))(fault, 'dec_1')
  expect(lines.length).toBe(logged ? 1 : 0)
  if (logged) expect(lines[0]).toMatch(/^fault dec_1: /)
})
