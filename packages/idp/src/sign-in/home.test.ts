import { expect, test } from 'vitest'

import type { OwnAccess } from './own-access/contract.ts'
import { signInAs } from './testing/flow.ts'
import { AGENT0, createWorld, ORIGIN, PORTAL } from './testing/world.ts'

const CONSOLE = `${ORIGIN}/admin/`
const adminConsole = { url: CONSOLE, isFor: ({ id }: { readonly id: string }) => id === 'usr_bob' }
const ports = { adminConsole, ownAccess: () => ({}) as OwnAccess }

const open = (world: Awaited<ReturnType<typeof createWorld>>, headers: Record<string, string> = {}) =>
  world.signIn.fetch(new Request(`${ORIGIN}/`, { headers }))

test('the home page explains this server, with links', async () => {
  const response = await open(await createWorld({}, ports))
  const page = await response.text()
  expect(response.status).toBe(200)
  for (const url of [CONSOLE, `${ORIGIN}/me`, `${ORIGIN}/.well-known/openid-configuration`])
    expect(page).toContain(`href="${url}"`)
})

test('without console and own access, the page links to neither', async () => {
  const page = await (await open(await createWorld())).text()
  expect(page).toContain('Identity provider of')
  expect(page).not.toMatch(/href="[^"]*\/(me|admin\/)"/)
})

test.each([
  ['alice', AGENT0, `${ORIGIN}/me`],
  ['bob', PORTAL, CONSOLE],
] as const)('%s is redirected if signed in', async (username, app, target) => {
  const world = await createWorld({}, ports)
  const browser = world.browse()
  await signInAs(browser, username, app)
  const cookie = [...browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
  const response = await open(world, { cookie })
  expect([response.status, response.headers.get('location')]).toEqual([303, target])
})
