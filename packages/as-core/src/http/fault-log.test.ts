import { afterEach, expect, it, vi } from 'vitest'

import { createFaultLog } from './fault-log.ts'
import { StorageFault } from './storage-fault.ts'
import { UserLookupFault } from './user-lookup-fault.ts'

afterEach(() => {
  vi.useRealTimers()
})

it.each([
  ['a defect', new TypeError('x is undefined'), true],
  ['a thrown value that is not an Error', 'text', true],
  [
    'a connection cut by the database',
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
    true,
  ],
  ['a caller that hung up', Object.assign(new Error('aborted'), { code: 'ECONNRESET' }), false],
])('%s', (_title, fault, logged) => {
  const lines: string[] = []
  createFaultLog((line) => lines.push(line))(fault, 'dec_1')
  expect(lines.length).toBe(logged ? 1 : 0)
  if (logged) expect(lines[0]).toMatch(/^fault dec_1: /)
})

it('logs where a look-up of users failed, because the cause may be a defect of the service', () => {
  const lines: string[] = []
  createFaultLog((line) => lines.push(line))(new UserLookupFault(new TypeError('x is undefined')), 'dec_1')
  expect(lines[0]).toMatch(/^fault dec_1: users cannot be looked up: TypeError: x is undefined\n +at /)
})

it('logs an unreachable database once a second per kind of fault, with a count', () => {
  vi.useFakeTimers()
  const lines: string[] = []
  const tell = createFaultLog((line) => lines.push(line))
  const away = new StorageFault('unreachable', new Error('connect ECONNREFUSED'))
  const meet = (times: number) => {
    for (let time = 0; time < times; time += 1) tell(away, `dec_${time}`)
  }
  meet(500)
  tell(new StorageFault('full', new Error('database or disk is full')), 'dec_full')
  expect(lines).toEqual([
    'fault dec_0: the database cannot be reached: connect ECONNREFUSED',
    'fault dec_full: the disk of the database is full: database or disk is full',
  ])
  vi.advanceTimersByTime(1_000)
  expect(lines.slice(2)).toEqual([
    'fault dec_499: the database cannot be reached: connect ECONNREFUSED (and 498 more within a second)',
  ])
  vi.advanceTimersByTime(1_000)
  expect(lines).toHaveLength(3)
  meet(1)
  expect(lines.slice(3)).toEqual(['fault dec_0: the database cannot be reached: connect ECONNREFUSED'])
})

it.each([
  ['an error of another system', () => new Error('refused\nfault dec_1: all is well\r\u001b[2K\u2028x')],
  [
    'a storage fault',
    () => new StorageFault('busy', new Error('refused\nfault dec_1: all is well\r\u001b[2K\u2028x')),
  ],
])('%s cannot forge log lines or move the cursor', (_, makeFault) => {
  const lines: string[] = []
  createFaultLog((line) => lines.push(line))(makeFault(), 'dec_0')
  const [first = '', second = ''] = lines.join('\n').split('\n')
  expect(lines).toHaveLength(1)
  expect(first).toMatch(/^fault dec_0: .*refused$/)
  expect(second).toBe('    fault dec_1: all is well\\u000d\\u001b[2K\\u2028x')
})
