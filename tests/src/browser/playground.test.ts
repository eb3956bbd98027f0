// The playground of the demo world in a real browser: every step by keyboard, hidden values and the record, a fault; in both themes, narrow and
// wide, and without JavaScript.
import { readFileSync } from 'node:fs'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import { describeWithBrowser } from '../../../tools/test-browser.ts'
import { adminOf } from '../admin/admin.ts'
import { findFreePort } from '../support/free-port.ts'
import { servePlayground } from '../support/playground.ts'
import { type DemoPages, openDemoPages } from './demo-pages.ts'
import { expectReadable } from './expect-readable.ts'

const ACTS_OF_AN_ADMINISTRATOR = [
  ...['step-up', 'app-blocked', 'user-blocked', 'everything-blocked', 'policy-denies'],
  ...['connection-suspended', 'requirement-unmet', 'policy-undecidable', 'app-suspended', 'user-suspended'],
]

describeWithBrowser('the playground in a browser', () => {
  let demo: DemoPages
  let playground: Awaited<ReturnType<typeof servePlayground>>
  beforeAll(async () => {
    demo = await openDemoPages()
    const { folder, addresses } = demo.world
    const portBase = Number(new URL(addresses.idp).port)
    playground = await servePlayground({
      demo: 'alice',
      portBase,
      demoData: folder,
      call: true,
      port: await findFreePort(),
    })
  })
  afterAll(async () => {
    await playground.stop()
    await demo.stop()
  })

  const look = (page: Page, name: string) =>
    expectReadable(page, `playground-${name}`, { highContrast: name === 'run' })

  it('sends every fault, those of an administrator too, and leaves the world as it was', async () => {
    const post = async (fields: Readonly<Record<string, string>>) => {
      const page = await (await fetch(playground.origin)).text()
      const key = /name="form_key" value="([^"]+)"/.exec(page)?.[1] ?? ''
      const { origin } = playground
      const body = new URLSearchParams({ form_key: key, setup: 'given', ...fields })
      return fetch(`${origin}/runs`, { method: 'POST', body, headers: { origin } })
    }
    const run = await post({ fault: 'all' })
    const { faults } = (await (await fetch(`${run.url}/faults.json`)).json()) as {
      readonly faults: readonly {
        readonly fault: string
        readonly verdict: string
        readonly because: string
      }[]
    }
    const others = faults.filter(({ verdict }) => verdict !== 'refused-as-expected')
    // The records of the vendor, which would tell, are its own.
    expect(others.map(({ fault, verdict }) => `${fault} ${verdict}`)).toEqual([
      'wrong-typ inconclusive',
      'issuer-unknown inconclusive',
    ])
    const ids = faults.map(({ fault }) => fault)
    for (const id of ACTS_OF_AN_ADMINISTRATOR) expect(ids).toContain(id)
    // The vendor refuses ID-JAGs of the very second in which access was revoked.
    await vi.waitFor(
      async () => {
        const { url } = await post({ way: 'whole' })
        expect(await (await fetch(url)).text()).toContain('Every leg of the flow succeeded')
      },
      { timeout: 10_000, interval: 1000 },
    )
  })

  it('works by keyboard from discovery to the record', async () => {
    const { context, page, complaints, seen } = await demo.open({ viewport: { width: 1000, height: 900 } })
    page.setDefaultTimeout(12_000)
    await page.goto(playground.origin)
    await page.getByRole('radio', { name: /^carol/ }).check()
    await look(page, 'home')
    await page.getByRole('button', { name: 'Step by step' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '0. Discover' }).waitFor()
    await page.getByRole('status').filter({ hasText: 'Step 0 finished, done' }).waitFor()
    for (const title of ['1. Sign in', '2. ID token', '3. ID-JAG', '4. Access token', '5. API call']) {
      await page.keyboard.press('n')
      await page.getByRole('heading', { name: title }).waitFor()
      await page.getByText('✓ done').first().waitFor()
    }
    await page.getByText('The tool list_todos, which is read-only, responded').waitFor()
    await page.getByText(/todos.read only, add_todo was refused: 403 .*insufficient_scope/).waitFor()
    await page.keyboard.press('3')
    await page.getByText('the connection that leads there is agent0-todo0').waitFor()
    await page.keyboard.press('t')
    await page.getByRole('heading', { name: 'Token' }).waitFor()
    await look(page, 'token')
    await page.keyboard.press('c')
    await page.getByText('✓ J04').waitFor()
    await page.keyboard.press('k')
    await page.getByText('curl -sS').first().waitFor()
    await page.keyboard.press('b')
    await page.getByRole('heading', { name: '2. ID token' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Every leg of the flow succeeded').waitFor()
    await look(page, 'run')
    await page.keyboard.press('7')
    await page.getByRole('button', { name: 'Suspend the connection' }).click()
    await page.getByText(/refused \d+ ms later: 400 access_denied, recorded as XAA/).waitFor()
    await page.getByText('The API still accepts the earlier access token').waitFor()
    await page.getByText('exchanges succeed again').waitFor()
    await page.keyboard.press('8')
    await page.getByRole('button', { name: 'Run this step again' }).click()
    await page.getByText('The chain of the log is intact').waitFor()
    await page.getByText('connection.suspended').waitFor()
    await page.keyboard.press('r')
    await page.getByRole('heading', { name: '0. Discover' }).waitFor()
    expect(complaints).toEqual([])
    expect(seen).toEqual([])
    await context.close()
  })

  it('breaks the flow, shows denied users, and works without JavaScript', async () => {
    const { context, page } = await demo.open({ javaScriptEnabled: false })
    await page.goto(playground.origin)
    for (const [user, step, event] of [
      ['bob', 'ID-JAG', 'idjag.denied'],
      ['dave', 'Sign in', 'signin.failed'],
    ] as const) {
      await page.getByRole('radio', { name: new RegExp(`^${user}`) }).check()
      await page.getByRole('button', { name: 'Run the flow' }).click()
      await page.getByText(`The flow ended at: ${step}`).waitFor()
      await page.getByRole('link', { name: 'Records' }).click()
      await lookUntilRecorded(page, event)
      await page.getByRole('link', { name: 'Playground' }).click()
    }
    await page.getByRole('radio', { name: /^notes0/ }).check()
    await page.getByRole('button', { name: 'Run the flow' }).click()
    await page.getByText('Every leg of the flow succeeded').waitFor()
    await page.getByRole('link', { name: 'ID-JAG (narrowed)' }).click()
    await page.getByText(/notes\.write was removed by .* \(XAA\d{4}\)/).waitFor()
    await page.getByRole('button', { name: 'Turn shortcuts off' }).click()
    await page.getByText('Keyboard shortcuts are off').waitFor()
    await page.getByRole('heading', { name: '3. ID-JAG' }).waitFor()
    await page.getByRole('button', { name: 'Turn shortcuts on' }).click()
    await page.getByRole('link', { name: 'Break it' }).click()
    const changes = 'audience is an unregistered issuer'
    await page.getByLabel(`Predicted result: ${changes}`).selectOption('accepted')
    await page.getByRole('button', { name: `Break it: ${changes}` }).click()
    await page.getByText('You expected: accepted. It was refused at ID-JAG.').first().waitFor()
    await page.getByText('recorded as XAA1301').waitFor()
    await context.close()
  })

  it('saves a run as a file, and opens it again', async () => {
    const { context, page, complaints } = await demo.open()
    page.setDefaultTimeout(12_000)
    await page.goto(playground.origin)
    await page.getByRole('button', { name: 'Run the flow' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save trace' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^run-\d+\.xaatrace\.json$/)
    await page.getByRole('link', { name: 'Playground' }).click()
    const text = readFileSync(await download.path())
    for (const [name, buffer, answer] of [
      ['broken.json', Buffer.from('{}'), 'its schema is missing'],
      ['run.xaatrace.json', text, 'This trace was opened from a file'],
    ] as const) {
      await page.goto(playground.origin)
      await page.getByLabel('Trace').setInputFiles({ name, mimeType: 'application/json', buffer })
      await page.getByRole('button', { name: 'Open a trace' }).click()
      await page.getByText(answer).waitFor()
    }
    await page.getByText('Every leg of the flow succeeded').waitFor()
    await page.getByRole('link', { name: /3 ID-JAG/ }).click()
    await page.getByText('the connection that leads there is agent0-todo0').waitFor()
    await look(page, 'trace')
    await page.goto(playground.origin)
    await look(page, 'traces')
    await page.getByRole('button', { name: 'Close run.xaatrace.json' }).click()
    expect(complaints).toEqual([expect.stringContaining('status of 400')])
    await context.close()
  })

  it('decodes a pasted token, and sends nothing', async () => {
    const { context, page, complaints } = await demo.open()
    page.setDefaultTimeout(12_000)
    await page.goto(playground.origin)
    await page.getByRole('link', { name: 'Open the token lens' }).click()
    await page.getByText('No token yet').waitFor()
    const sent: string[] = []
    page.on('request', (request) => sent.push(request.url()))
    const nowSeconds = Math.floor(Date.now() / 1000)
    await page.getByLabel('Token').fill(buildUnsigned(nowSeconds))
    await page.getByRole('status').filter({ hasText: 'Decoded: 2 errors, 0 warnings.' }).waitFor()
    await page.getByText('alg is none: the token is not signed').waitFor()
    await page.getByText('aud names 2 audiences').waitFor()
    await page.getByText('The only authorization server that may redeem it.').waitFor()
    await page.getByText('(in 4 min)').waitFor()
    await look(page, 'lens')
    const policy = (await fetch(`${playground.origin}/lens`)).headers.get('content-security-policy')
    expect(policy).toMatch(/^default-src 'none'; .*connect-src 'none'; form-action 'none'/)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('No token yet').waitFor()
    expect(await page.getByLabel('Token').inputValue()).toBe('')
    expect(sent).toEqual([])
    expect(complaints).toEqual([])
    expect(await page.evaluate(`fetch('/').then(() => 'sent', () => 'held back')`)).toBe('held back')
    await context.close()
  })

  it('accepts an app of the user, signs in at its provider, and completes the flow', async () => {
    const { context, page, complaints } = await demo.open({ viewport: { width: 1000, height: 900 } })
    page.setDefaultTimeout(12_000)
    await page.goto(`${playground.origin}/bring?preset=okta`)
    await page.getByText('What it cannot show').waitFor()
    await page.getByRole('button', { name: 'Discover' }).click()
    await page.getByRole('alert').waitFor()
    await look(page, 'bring')
    const secret = await registerOwnApp()
    const { addresses, secrets } = demo.world
    await fillOut(page, {
      'Issuer of the identity provider': addresses.idp,
      'Client ID of the app at the identity provider': 'mine',
      'Client secret at the identity provider': secret,
      'Issuer of the authorization server': addresses.vendorIssuer,
      'Client ID of the app at the authorization server': 'other-at-todo0',
      'Client secret at the authorization server': secrets.clients.OTHER_AT_TODO0_SECRET,
      Resource: `${addresses.todo0}/mcp`,
    })
    await page.getByRole('button', { name: 'Discover' }).click()
    await page.getByText('metadata URLs were requested').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Sign in at' }).click()
    await fillOut(page, { 'User name': 'alice', Password: secrets.passwords.alice })
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Every leg of the flow succeeded').waitFor()
    await page.keyboard.press('9')
    await page.getByRole('heading', { name: 'Break it' }).waitFor()
    await look(page, 'break')
    expect(complaints).toEqual([])
    await context.close()
  })

  /** A failed sign-in is recorded in parallel with its response, so the log may not contain it at first. */
  async function lookUntilRecorded(page: Page, event: string): Promise<void> {
    const again = page.getByRole('button', { name: 'Run this step again' })
    await again.waitFor()
    await expect
      .poll(
        async () => {
          const found = (await page.getByText(event).count()) > 0
          if (!found) await again.click()
          return found
        },
        { timeout: 30_000 },
      )
      .toBe(true)
  }

  /** An ID-JAG that no server should accept. */
  function buildUnsigned(nowSeconds: number): string {
    const parties = { iss: demo.world.addresses.idp, sub: 'usr_alice', aud: ['a', 'b'], client_id: 'agent0' }
    const claims = { ...parties, jti: 'one', iat: nowSeconds - 5, exp: nowSeconds + 270 }
    return [{ alg: 'none', kid: 'k', typ: 'oauth-id-jag+jwt' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .concat('')
      .join('.')
  }

  /** Registers a new app like an administrator. @returns its secret at the identity provider */
  async function registerOwnApp(): Promise<string> {
    const { addresses, secrets } = demo.world
    const admin = adminOf(addresses.idp)
    const secret = 'a secret of the app that somebody brought'
    const token = secrets.clients.ADMIN_TOKEN
    const app = {
      id: 'mine',
      name: 'Mine',
      kind: 'web',
      redirectUris: [`${playground.origin}/callback`],
      auth: { method: 'client_secret_basic', secret },
      assignments: { everyone: true },
    }
    const connection = {
      id: 'mine-todo0',
      app: 'mine',
      resourceApp: 'todo0',
      clientId: 'other-at-todo0',
      resources: [`${addresses.todo0}/mcp`],
      scopes: ['todos.read'],
      assignments: { groups: ['engineering'] },
      status: 'active',
    }
    expect(await admin('POST', '/apps', { body: app, token })).toMatchObject({ status: 201 })
    expect(await admin('POST', '/connections', { body: connection, token })).toMatchObject({ status: 201 })
    return secret
  }

  async function fillOut(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(fields))
      await page.getByLabel(label, { exact: true }).fill(value)
  }
})
