// What a server prints at start: addresses that can be opened as printed.
import { parseConfiguration } from '@crosswalk/control'
import { expect, it } from 'vitest'

import { describeConsole, describeRoles } from './run-server.ts'

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', 'localhost'],
  ['::1', '[::1]'],
])('listening on %s', (host, shown) => {
  const listen = (port: number) => `{ host: "${host}", port: ${port} }`
  const text = `baseUrl: http://127.0.0.1:4000\nlisten: ${listen(4000)}\nidp: {}\nmetrics: { listen: ${listen(4002)} }\n`
  const { configuration, problems } = parseConfiguration(text, 'x.yaml', {})
  if (configuration === undefined) throw new Error(JSON.stringify(problems))
  expect(describeRoles(configuration, 4001)).toEqual([
    `identity provider     http://127.0.0.1:4000  listening on http://${shown}:4001`,
    `management            http://${shown}:4002  /metrics /livez /readyz /startupz`,
  ])
})

it.each([
  ['no admin API: no console', '', []],
  [
    'no roles: the token',
    `admin: { token: ${'t'.repeat(43)} }`,
    ['console               http://127.0.0.1:4000/admin  sign in with the admin token'],
  ],
  [
    'owners by name and by group',
    `admin: { token: ${'t'.repeat(43)}, roles: { owner: { users: [u1], groups: [it] } } }`,
    ['console               http://127.0.0.1:4000/admin  sign in as ada, members of it'],
  ],
  [
    'many owners',
    `admin: { token: ${'t'.repeat(43)}, roles: { owner: { groups: [a, b, c, d, e] } } }`,
    [
      'console               http://127.0.0.1:4000/admin  sign in as members of a, members of b, members of c, 2 more',
    ],
  ],
  [
    'roles without an owner',
    `admin: { token: ${'t'.repeat(43)}, roles: { auditor: { users: [u1] } } }`,
    ['console               http://127.0.0.1:4000/admin  sign in as an administrator'],
  ],
])('prints who signs in to the console: %s', (_, admin, expected) => {
  const groups = ['it', 'a', 'b', 'c', 'd', 'e'].map((id) => `{ id: ${id} }`).join(', ')
  const user = '{ id: u1, username: ada, password: long-enough-for-a-test }'
  const text = `baseUrl: http://127.0.0.1:4000\n${admin}\nidp: { users: [${user}], groups: [${groups}] }\n`
  const { configuration, problems } = parseConfiguration(text, 'x.yaml', {})
  if (configuration === undefined) throw new Error(JSON.stringify(problems))
  expect(describeConsole(configuration)).toEqual(expected)
})
