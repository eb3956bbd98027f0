// Admin roles over HTTP: who has which, by the sign-in rules, and what each may do, by the route table.
import { type Route, ROUTES } from '@crosswalk/admin-api'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

let server: TestServer
let admin: Admin

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl)
      const roles = {
        owner: { users: ['usr_alice'] },
        'app-owner': { groups: ['sales'], apps: ['agent0'] },
        auditor: { groups: ['engineering'] },
      }
      return { ...file, admin: { ...(file['admin'] as object), roles } }
    },
  })
  admin = adminOf(server.baseUrl)
})
afterAll(() => server.stop())

const find = async (user: string) => (await admin('GET', `/admin-roles/${user}`)).body

it('lists roles with their number of active users and their permissions', async () => {
  const { body } = await admin('GET', '/admin-roles')
  expect(body.items).toEqual([
    { role: 'owner', users: ['usr_alice'], groups: [], apps: null, people: 1 },
    { role: 'app-owner', users: [], groups: ['sales'], apps: ['agent0'], people: 1 },
    // Only carol: alice counts as owner, and dave is inactive.
    { role: 'auditor', users: [], groups: ['engineering'], apps: null, people: 1 },
  ])
  const kill = body.routes.find(({ name }: { name: string }) => name === 'users.suspend')
  expect(kill).toMatchObject({ changes: true, roles: [...ROUTES['users.suspend'].roles] })
  expect(body.routes.map(({ name }: { name: string }) => name)).not.toContain('openapi')
})

it('shows the permissions of one user, and where they come from', async () => {
  expect(await find('alice')).toMatchObject({
    user: { id: 'usr_alice', username: 'alice', name: 'alice', active: true },
    role: 'owner',
    apps: null,
    via: null,
  })
  const bob = await find('usr_bob')
  expect(bob).toMatchObject({ role: 'app-owner', apps: ['agent0'], via: 'sales' })
  const allowed = Object.entries<Route>(ROUTES).filter(([, { roles }]) => roles.includes('app-owner'))
  expect(bob.routes).toEqual(allowed.map(([name]) => name))
  expect(bob.of).toBeGreaterThan(bob.routes.length)
  expect(await find('carol')).toMatchObject({ role: 'auditor', via: 'engineering' })
})

it('gives inactive users no role, and returns 404 for unknown users', async () => {
  expect(await find('dave')).toMatchObject({ user: { active: false }, role: null, via: null, routes: [] })
  expect((await admin('GET', '/admin-roles/nobody')).status).toBe(404)
})
