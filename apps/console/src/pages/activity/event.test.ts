import { AUDIT_EVENT_TYPES } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { eventTexts } from '../../texts/en/events.ts'
import { changeOf, nameOfEvent } from './event.ts'

describe('an audit event', () => {
  it.each([
    [{ target: { kind: 'connection', id: 'c' }, change: { revision: 7 } }, 'connections'],
    [{ target: { kind: 'resource_app', id: 'c' }, change: { revision: 7 } }, 'resource-apps'],
    [{ target: { kind: 'approval_rule', id: 'c' }, change: { revision: 7 } }, 'approval-rules'],
    [{ target: { kind: 'constructor', id: 'c' }, change: { revision: 7 } }, undefined],
    [{ target: { kind: 'connection', id: 'c' }, change: {} }, undefined],
    [{ target: { kind: 'connection' }, change: { revision: 7 } }, undefined],
    [{}, undefined],
  ])('maps %j to the history of %s', (event, collection) => {
    const found = changeOf(event as never)
    expect(found).toEqual(collection === undefined ? undefined : { collection, id: 'c', revision: 7 })
  })

  it('names types in words, and a simulation by what it was for', () => {
    const name = (type: string, kind: string) => nameOfEvent({ type, target: { kind } })
    expect(name('resource_app.changed', 'resource_app')).toBe('Resource app changed')
    expect(name('simulation.run', 'resource_app')).toBe('Simulation run')
    expect(name('simulation.run', 'reach')).toBe('Effective access read')
    expect(name('simulation.run', 'replay')).toBe('Decisions replayed')
    expect(name('audit.read', 'audit')).toBe('Audit log read')
    expect(name('audit.packed', 'audit')).toBe('Evidence pack created')
    expect(name('idjag.issued', 'resource_app')).toBe('ID-JAG issued')
    expect(name('signin.factor_enrolled', 'user')).toBe('Second factor added')
    expect(name('future.thing_done', 'thing')).toBe('Future thing done')
  })

  it('has names of types that can be filtered by only', () => {
    const named = Object.keys(eventTexts).flatMap((key) => /^event\.(\w+\.\w+)$/.exec(key)?.[1] ?? [])
    expect(named.length).toBeGreaterThan(30)
    expect(named.filter((type) => !AUDIT_EVENT_TYPES.has(type))).toEqual([])
  })

  it('names no type by its code, and no two alike', () => {
    const names = [...AUDIT_EVENT_TYPES.keys()].map((type) => nameOfEvent({ type }))
    const codes =
      /idjag|sign_?in |stepup|vault|admin api|^(audit (?!log)|kill (?!switch)|(test|request|review(?! schedule)|stream|key) )|refused/i
    expect(names.filter((name) => codes.test(name))).toEqual([])
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})
