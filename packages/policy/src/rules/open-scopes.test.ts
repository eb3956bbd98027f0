// What rules keep from a person whatever is sent: exactly those count that look at nothing a request could change.
import { describe, expect, it } from 'vitest'

import { compileRules } from './compile-rules.ts'
import { findOpenScopes } from './open-scopes.ts'
import { buildDeny, buildFacts, buildLimit } from './testing/rule-fixtures.ts'

const READ = 'todos.read'
const WRITE = 'todos.write'
const { app, user, resourceApp } = buildFacts()
const onlyRead = (when: Parameters<typeof buildLimit>[2]) => buildLimit('p', { scopes: [READ] }, when)

describe('a scope', () => {
  it.each([
    ['stays open without rules', [], [READ, WRITE]],
    ['is closed by a limit', [onlyRead({})], [READ]],
    ['is closed by a limit for the person', [onlyRead({ user: 'alice', app: 'agent0' })], [READ]],
    ['stays open by a limit for somebody else', [onlyRead({ user: 'bob' })], [READ, WRITE]],
    ['stays open elsewhere', [onlyRead({ resourceApp: 'notes0' })], [READ, WRITE]],
    ['is closed by a deny of it', [buildDeny('p', { scope: WRITE })], [READ]],
    ['is closed with all others', [buildDeny('p', { group: 'engineering' })], []],
    ['is closed by an attribute', [onlyRead({ 'user.attributes.department': 'R&D' })], [READ]],
    ['stays open by an attribute they lack', [onlyRead({ 'user.attributes.grade': '1' })], [READ, WRITE]],
    ['stays open by a rule about the sign-in', [onlyRead({ acr: 'pwd' })], [READ, WRITE]],
    [
      'stays open by a rule about time',
      [onlyRead({ 'time.outside': 'Mon-Fri 07:00-20:00 Europe/Berlin' })],
      [READ, WRITE],
    ],
    ['stays open by a rule about one resource', [onlyRead({ resource: 'https://a.test' })], [READ, WRITE]],
    ['stays open by a rule that counts', [buildDeny('p', { 'volume.perHour.over': 0 })], [READ, WRITE]],
    [
      'stays open by a rule that only reports',
      [{ ...onlyRead({}), state: 'report-only' as const }],
      [READ, WRITE],
    ],
    ['stays open by a limit of something else', [buildLimit('p', { perHour: 1 })], [READ, WRITE]],
  ])('%s', (_, policies, open) => {
    expect(findOpenScopes(compileRules(policies), [READ, WRITE], { app, user, resourceApp })).toEqual(open)
  })
})
