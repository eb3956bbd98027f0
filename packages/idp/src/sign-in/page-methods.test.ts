// Requests each page with each method: an unsupported method is refused as such, never as a missing page.
import { FONT_PATHS } from '@crosswalk/design'
import { describe, expect, test } from 'vitest'

import { buildAuthorizationUrl, obtainTokens } from './testing/flow.ts'
import { SCRIPT_PATH } from './factors/passkey-script.ts'
import { AGENT0, createWorld, ORIGIN, type World } from './testing/world.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

async function ask(world: World, path: string, method: string, body?: URLSearchParams) {
  const request = new Request(`${ORIGIN}${path}`, { method, redirect: 'manual', ...(body && { body }) })
  return world.signIn.fetch(request)
}

describe.each([
  ['/authorize', ['GET', 'HEAD', 'POST']],
  ['/authorize/of-a-sign-in', ['GET', 'HEAD']],
  ['/session/end', ['GET', 'HEAD', 'POST']],
  ['/session/end/confirm', ['POST']],
  ['/session/end/success', ['GET', 'HEAD']],
  ['/sign-in/of-a-sign-in', ['GET', 'HEAD', 'POST']],
  [SCRIPT_PATH, ['GET', 'HEAD']],
  [FONT_PATHS[0] ?? '', ['GET', 'HEAD']],
] as const)('%s', (path, taken) => {
  test.each(METHODS)('%s', async (method) => {
    const { status, headers } = await ask(await createWorld(), path, method)
    if ((taken as readonly string[]).includes(method)) {
      expect([404, 405]).not.toContain(status)
      expect(headers.get('allow')).toBeNull()
    } else {
      const seen = [status, headers.get('allow'), headers.get('cache-control'), headers.get('content-type')]
      expect(seen).toEqual([405, taken.join(', '), 'no-store', 'text/html; charset=utf-8'])
    }
  })
})

test.each(['/nothing', '/authorize/a/b', '/session', '/sign-in', '/sign-in/upstream/nobody', '/me'])(
  '%s does not exist for any method',
  async (path) => {
    const world = await createWorld()
    for (const method of METHODS) {
      const { status, headers } = await ask(world, path, method)
      expect([method, status, headers.get('allow')]).toEqual([method, 404, null])
    }
  },
)

test('an app may send users to sign out by POST (RP-Initiated Logout section 2)', async () => {
  const world = await createWorld()
  const browser = world.browse()
  const tokens = await obtainTokens(world, browser, 'alice', AGENT0)
  const form = new URLSearchParams({ id_token_hint: String(tokens['id_token']), state: 'a&b' })
  const { status, headers } = await ask(world, '/session/end', 'POST', form)
  expect([status, headers.get('location')]).toEqual([303, `${ORIGIN}/session/end?${form}`])
  const page = await browser.open(headers.get('location') ?? '')
  await browser.submit(page, { logout: 'yes' })
  const { left } = await browser.open(buildAuthorizationUrl(AGENT0, { prompt: 'none' }))
  expect(left?.searchParams.get('error')).toBe('login_required')
})

test('signing out without an app by POST asks the same question', async () => {
  const { status, headers } = await ask(await createWorld(), '/session/end', 'POST')
  expect([status, headers.get('location')]).toEqual([303, `${ORIGIN}/session/end`])
})
