import { describe, expect, it } from 'vitest'

import { describeAssignments, isCovered, mayUse } from './users.ts'

const NOBODY = { everyone: false, users: [], groups: [] }
const ALICE = { id: 'usr_alice', groups: ['engineering'], active: true }

describe('mayUse', () => {
  it.each([
    [true, ALICE, { active: true, assignments: { ...NOBODY, groups: ['sales', 'engineering'] } }],
    [true, ALICE, { active: true, assignments: { ...NOBODY, users: ['usr_alice'] } }],
    [true, ALICE, { active: true, assignments: { ...NOBODY, everyone: true } }],
    [false, ALICE, { active: true, assignments: { ...NOBODY, groups: ['sales'], users: ['usr_bob'] } }],
    [false, ALICE, { active: false, assignments: { ...NOBODY, everyone: true } }],
    [false, { ...ALICE, active: false }, { active: true, assignments: { ...NOBODY, everyone: true } }],
  ])('%s for %j at %j', (expected, user, app) => {
    expect(mayUse(user, app)).toBe(expected)
  })
})

describe('isCovered', () => {
  const EVERYONE = { assignments: { ...NOBODY, everyone: true } }
  const OTHERS = { assignments: NOBODY }
  const ALL = { connection: EVERYONE, app: EVERYONE, resourceApp: EVERYONE }
  it.each([
    ['all three', ALL, true, true],
    ['all but the connection', { ...ALL, connection: OTHERS }, false, true],
    ['all but the resource app', { ...ALL, resourceApp: OTHERS }, false, true],
    ['all but the app', { ...ALL, app: OTHERS }, false, false],
    ['none', { connection: OTHERS, app: OTHERS, resourceApp: OTHERS }, false, false],
  ])('a user who is assigned to %s', (_, ends, alone, granted) => {
    expect([isCovered(ALICE, ends, false), isCovered(ALICE, ends, true)]).toEqual([alone, granted])
  })
})

it.each([
  [{ ...NOBODY, everyone: true, users: ['usr_bob'] }, 'everyone'],
  [{ ...NOBODY, users: ['usr_bob'], groups: ['sales'] }, 'member of sales or user usr_bob'],
  [NOBODY, 'no user is assigned'],
])('describes the assignment %j as "%s"', (assignments, text) => {
  expect(describeAssignments(assignments)).toBe(text)
})
