// Guessing at the sign-in page: what it reveals, what it costs, and who is locked out.
import { describe, expect, test } from 'vitest'

import { createBrowser, type Browser } from './testing/browser.ts'
import { buildAuthorizationUrl, signInAs } from './testing/flow.ts'
import { AGENT0, createWorld, ORIGIN, PASSWORDS, PORTAL, type World } from './testing/world.ts'

const OUTSIDER = '203.0.113.66'
const OFFICE = '198.51.100.10'

const browseFrom = ({ signIn }: World, ip: string) =>
  createBrowser(ORIGIN, (request) => signIn.fetch(request, ip))

/** Opens the page once and submits it repeatedly. */
async function createGuesser(browser: Browser) {
  const page = await browser.open(buildAuthorizationUrl(PORTAL))
  return (username: string, password = 'wrong') => browser.submit(page, { username, password })
}

const failures = ({ events }: World) => events.filter(({ type }) => type === 'signin.failed')

describe('a guess reveals nothing', () => {
  // An existing and an unknown user, in the spellings an outsider could compare.
  const spellings = [
    ['the same', (name: string) => name],
    ['upper case', (name: string) => name.toUpperCase()],
    ['full-width letters', (name: string) => name.replace('a', 'ａ')],
    ['the address', (name: string) => `${name}@acme.test`],
    ['the address in upper case', (name: string) => `${name}@ACME.TEST`],
    ['blanks around it', (name: string) => `  ${name} `],
  ] as const

  test.each(spellings)(
    'after failures for a name, %s gets the same responses for an existing as for an unknown user',
    async (_, spell) => {
      const world = await createWorld({ failedSignInsBeforeDelay: 3 })
      const told = async (name: string) => {
        const guess = await createGuesser(browseFrom(world, OUTSIDER))
        for (let time = 0; time < 3; time += 1) await guess(name)
        const answers = []
        for (let time = 0; time < 4; time += 1) {
          const { status, headers, text } = await guess(spell(name))
          const body = text
            .replaceAll(spell(name).trim(), 'NAME')
            .replaceAll(/sign-in\/[\w-]+/g, 'sign-in/UID')
          answers.push({ status, wait: headers.get('retry-after'), body })
        }
        return answers
      }
      expect(await told('alice')).toEqual(await told('marla'))
    },
  )

  test('failures for a user name do not affect the address of the same user', async () => {
    const world = await createWorld({ failedSignInsBeforeDelay: 2 })
    const guess = await createGuesser(browseFrom(world, OUTSIDER))
    for (const status of [401, 401, 429]) expect((await guess('alice')).status).toBe(status)
    expect((await guess('alice@acme.test')).status).toBe(401)
  })

  test('a password is hashed, and a hash looked up, for unknown names as well', async () => {
    const asked: string[] = []
    const world = await createWorld(
      {},
      { passwordHashes: { find: async (id) => (asked.push(id), undefined) } },
    )
    const guess = await createGuesser(world.browse())
    await guess('alice')
    await guess('marla')
    expect(asked).toEqual(['usr_alice', expect.not.stringContaining('usr_')])
  })
})

describe('a thousand wrong passwords', () => {
  test('leave a few events: one for each checked password, and one per delay', async () => {
    const world = await createWorld()
    const guess = await createGuesser(browseFrom(world, OUTSIDER))
    for (let time = 0; time < 1000; time += 1) await guess('alice')
    expect(failures(world).length).toBeLessThanOrEqual(30)
    const reasons = failures(world).map(({ reason }) => reason)
    expect(reasons.slice(0, 11)).toEqual([...Array<string>(10).fill('wrong-password'), 'too-many-attempts'])
  })
})

describe('outsiders cannot lock out users', () => {
  async function attack(world: World): Promise<void> {
    const guess = await createGuesser(browseFrom(world, OUTSIDER))
    for (let time = 0; time < 8; time += 1) await guess('alice')
    expect((await guess('alice', PASSWORDS.alice)).status).toBe(429)
  }

  test('a browser with an earlier sign-in accepts the correct password immediately', async () => {
    const world = await createWorld({ failedSignInsBeforeDelay: 3 })
    const own = browseFrom(world, OUTSIDER)
    expect((await signInAs(own, 'alice', PORTAL)).left?.searchParams.get('code')).toEqual(expect.any(String))
    await attack(world)
    const back = await signInAs(own, 'alice', AGENT0, { prompt: 'login' })
    expect(back.left?.searchParams.get('code')).toEqual(expect.any(String))
    // Its cookie does not help with other names, or without limit.
    const again = await own.open(buildAuthorizationUrl(PORTAL, { prompt: 'login' }))
    for (const status of [401, 401, 401, 429])
      expect((await own.submit(again, { username: 'alice', password: 'wrong' })).status).toBe(status)
  })

  test('at another address, the user can sign in with a new browser', async () => {
    const world = await createWorld({ failedSignInsBeforeDelay: 3 })
    await attack(world)
    const back = await signInAs(browseFrom(world, OFFICE), 'alice', PORTAL)
    expect(back.left?.searchParams.get('code')).toEqual(expect.any(String))
  })

  test('the cookie is inaccessible to scripts, and bound to the host over https', async () => {
    const world = await createWorld()
    const browser = world.browse()
    await signInAs(browser, 'alice', PORTAL)
    expect([...browser.cookies.keys()]).toContain('crosswalk_browser')
    const secure = await createWorld({ baseUrl: 'https://idp.acme.test', loopback: false })
    const set: string[] = []
    const noting = createBrowser('https://idp.acme.test', async (request) => {
      const response = await secure.signIn.fetch(request)
      set.push(...response.headers.getSetCookie())
      return response
    })
    await signInAs(noting, 'alice', PORTAL, {}, 'https://idp.acme.test')
    const cookie = set.find((one) => one.includes('crosswalk_browser='))
    expect(cookie).toMatch(/^__Host-crosswalk_browser=/)
    for (const attribute of [/; path=\//, /; secure/, /; httponly/, /; samesite=lax/, /; expires=/])
      expect(cookie).toMatch(attribute)
  })
})
