// Review schedules in the configuration file: what is refused, and what is only doubtful.
import { expect, it } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

const SCHEDULE = {
  ...{ id: 'yearly', name: 'Yearly', firstAt: '2026-01-05T08:00:00Z' },
  ...{ everyDays: 365, daysToDecide: 30, whenDue: 'suspend' },
}

function parse(...reviewSchedules: readonly object[]) {
  const apps = [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: { method: 'none' } }]
  const file = {
    ...{ baseUrl: 'https://idp.test', database: 'sqlite::memory:' },
    idp: { apps, reviewSchedules },
  }
  return parseConfiguration(JSON.stringify(file), 'test.json', {}).problems
}

it('may be as many as needed', () => {
  expect(parse(SCHEDULE, { ...SCHEDULE, id: 'agents', apps: ['agent0'] })).toEqual([])
})

it.each<[string, readonly object[], string, RegExp]>([
  ['two with one id', [SCHEDULE, SCHEDULE], 'error', /idp\.reviewSchedules yearly is already used/],
  [
    'an unknown app',
    [{ ...SCHEDULE, apps: ['agent1'] }],
    'warning',
    /review schedule yearly names app agent1/,
  ],
  [
    'an unknown resource app',
    [{ ...SCHEDULE, resourceApps: ['todo0'] }],
    'warning',
    /review schedule yearly names resource app todo0/,
  ],
  ['a due date with the next review', [{ ...SCHEDULE, daysToDecide: 365 }], 'error', /daysToDecide is 365/],
])('%s', (_, schedules, severity, what) =>
  expect(parse(...schedules)).toMatchObject([{ severity, what: expect.stringMatching(what) }]),
)
