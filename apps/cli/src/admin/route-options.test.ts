// Options derived from the schema of a route.
import { zBoolean } from '@crosswalk/protocol'
import { Command } from 'commander'
import { expect, it } from 'vitest'
import { z } from 'zod'

import { addOptions, listOptions, readOptions, toArgument } from './route-options.ts'

const NOW_MS = Date.UTC(2026, 2, 2)
const zSent = z.strictObject({
  reason: z.string(),
  scopes: z.array(z.string()).optional(),
  kind: z.enum(['user', 'app']).default('app').describe('What it is.'),
  revokeTokens: zBoolean.default(false),
  removeUsers: z.array(z.string()).optional(),
  dueAt: z.iso.datetime({ offset: true }).optional(),
  days: z.int().min(1).optional(),
  cursor: z.string().optional(),
})

const zAsked = z.strictObject({
  scopes: z.array(z.string()).optional(),
  ip: z.string().optional(),
  days: z.int().optional(),
})

it('takes names, descriptions and required options from the schema', () => {
  const options = listOptions(zSent, { days: 'over how many days' }).map(({ option }) => [
    option.flags,
    option.description,
    option.mandatory,
    option.argChoices,
  ])
  expect(options).toEqual([
    ['--reason <text>', 'why, for the audit log', true, undefined],
    ['--scope <scopes>', 'scopes, separated by spaces', false, undefined],
    ['--kind <kind>', 'what it is', false, ['user', 'app']],
    ['--revoke-tokens', '', false, undefined],
    ['--remove-user <ids...>', '', false, undefined],
    ['--due <moment>', '', false, undefined],
    ['--days <number>', 'over how many days', false, undefined],
  ])
})

it.each([
  ['ahead', '2026-03-03T00:00:00.000Z'],
  ['ago', '2026-03-01T00:00:00.000Z'],
] as const)('counts 1d from now: %s', (direction, dueAt) => {
  const typed = { due: '1d', scope: ['a', 'b'], revokeTokens: true, removeUser: ['usr_a'] }
  const when = { nowMs: NOW_MS, direction }
  expect(readOptions(listOptions(zSent, {}), typed, when)).toEqual({
    dueAt,
    scopes: ['a', 'b'],
    revokeTokens: true,
    removeUsers: ['usr_a'],
  })
})

it('omits members that the command passes differently or not at all', () => {
  const members = listOptions(zSent, { days: null, dueAt: { flags: '--until <moment>' } }, ['kind', 'reason'])
  expect(members.map(({ option }) => option.long)).toEqual([
    '--scope',
    '--revoke-tokens',
    '--remove-user',
    '--until',
  ])
})

it('turns a member into an argument with its choices', () => {
  const kind = toArgument(zSent, 'kind', 'what')
  expect([kind.required, kind.argChoices]).toEqual([false, ['user', 'app']])
  expect(toArgument(zSent, 'reason', 'why').required).toBe(true)
  expect(toArgument(undefined, 'id', 'id').required).toBe(true)
})

it('parses values as Commander does, and names the option with an invalid value', () => {
  const command = addOptions(new Command(), listOptions(zAsked, {})).exitOverride()
  command.configureOutput({ outputError: () => undefined })
  const parse = (...args: readonly string[]) => command.parse([...args], { from: 'user' }).opts()
  expect(parse('--scope', 'a  b', '--ip', '::1')).toEqual({ scope: ['a', 'b'], ip: '::1' })
  expect(() => parse('--ip', 'here')).toThrow(/option '--ip <address>' argument 'here' is invalid/)
  expect(() => parse('--days', '1.5')).toThrow(/Write a whole number/)
})
