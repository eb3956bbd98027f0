import type { RecordedEvent } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import { createEventCounter } from './event-counts.ts'

const APP = { kind: 'app', id: 'agent0' }

it('counts the events of several chains, whose times are in no order', () => {
  const counter = createEventCounter()
  expect(counter.read()).toMatchObject({ events: 0, first: undefined, last: undefined })
  const moments = ['11:00', '13:00', '10:00', '12:00'].map((time) => `2026-11-29T${time}:00.000Z`)
  for (const [at, time] of moments.entries())
    counter.add({
      event: {
        time,
        type: 'idjag.issued',
        outcome: at === 0 ? 'deny' : 'allow',
        code: 'XAA0000',
        actor: APP,
      },
    } as RecordedEvent)
  const { by, ...read } = counter.read()
  expect(read).toEqual({ events: 4, first: moments[2], last: moments[1] })
  expect(by.get('outcome')).toEqual([
    ['allow', 3],
    ['deny', 1],
  ])
  expect([by.get('app'), by.get('user')]).toEqual([[['agent0', 4]], []])
})
