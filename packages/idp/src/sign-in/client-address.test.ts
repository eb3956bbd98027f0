import { expect, test } from 'vitest'

import { createBrowser } from './testing/browser.ts'
import { buildAuthorizationUrl, signInAs } from './testing/flow.ts'
import { AGENT0, createWorld, ORIGIN, type World } from './testing/world.ts'

const CLIENT = '203.0.113.9'

const browseFrom = (world: World, ip: string | undefined) =>
  createBrowser(ORIGIN, (request) => world.signIn.fetch(request, ip))

const sourcesOf = (world: World) => world.events.map(({ type, source }) => [type, source])

test('events of sign-ins, failed sign-ins and sign-outs contain the client address', async () => {
  const world = await createWorld()
  const browser = browseFrom(world, CLIENT)
  const page = await browser.open(buildAuthorizationUrl(AGENT0))
  await browser.submit(page, { username: 'alice', password: 'wrong' })
  await signInAs(browser, 'alice', AGENT0)
  await browser.submit(await browser.open(`${ORIGIN}/session/end`), { logout: 'yes' })
  expect(sourcesOf(world)).toEqual([
    ['signin.failed', { ip: CLIENT }],
    ['signin.succeeded', { ip: CLIENT }],
    ['session.ended', { ip: CLIENT }],
  ])
})

test('an unknown address is omitted, never replaced by a header or our own address', async () => {
  const world = await createWorld()
  const browser = createBrowser(ORIGIN, (request) => {
    request.headers.set('x-forwarded-for', CLIENT)
    request.headers.set('forwarded', `for=${CLIENT}`)
    return world.signIn.fetch(request)
  })
  await signInAs(browser, 'alice', AGENT0)
  expect(sourcesOf(world)).toEqual([['signin.succeeded', undefined]])
})
