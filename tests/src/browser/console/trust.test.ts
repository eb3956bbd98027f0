// Users, groups and trust in the console: the effect of joining a group, rotating keys, revoking trust and tokens, and gaps between two sides;
// verified through the API and the token endpoint.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { TODO } from '../../support/company.ts'
import { basic, exchange, redeem, signInFor } from '../../support/flow.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'

describeWithBrowser('groups and trust in the console', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld()
    ada = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  it('creates a user who can sign in, edits them, changes their password, and deletes them with Undo', async () => {
    const { page, goto, complaints } = ada
    const first = 'as long as a sentence'
    const second = 'and another sentence'
    const signIn = async (password: string) => {
      const tab = await world.browser.newPage()
      await tab.goto(`${world.server.baseUrl}/me`)
      await tab.getByLabel('User name').fill('erin')
      await tab.getByLabel('Password').fill(password)
      await tab.getByRole('button', { name: 'Sign in' }).click()
      const own = tab.getByRole('navigation', { name: 'Your access' })
      await own.or(tab.getByRole('alert')).first().waitFor()
      const isIn = (await own.count()) === 1
      await tab.context().close()
      return isIn
    }
    await goto('/users')
    await page.keyboard.press('n')
    await page.getByRole('textbox', { name: 'User name' }).fill('erin')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Erin Ersatz')
    await page.getByRole('combobox', { name: 'Groups' }).fill('engineering')
    await page.keyboard.press('Enter')
    await page.getByLabel('Password (optional)').fill(first)
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByLabel('Reason').fill('her first day')
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'Erin Ersatz' }).waitFor()
    await page.getByRole('link', { name: /Agent0.*Todo0/ }).waitFor()
    expect(await signIn(first)).toBe(true)
    const id = decodeURIComponent(page.url().split('/users/')[1] ?? '')
    await page.keyboard.press('e')
    const attributes = page.getByRole('textbox', { name: 'Attributes' })
    await attributes.fill('level = 3\nno attribute')
    expect(await page.getByRole('button', { name: 'Review and save' }).isDisabled()).toBe(true)
    await attributes.fill('level = 3')
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByLabel('Reason').fill('promoted')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved.').waitFor()
    const { body } = await world.admin('GET', `/users/${id}`)
    expect(body).toMatchObject({ username: 'erin', attributes: { level: 3 }, hasPassword: true })
    expect(await signIn(first)).toBe(true)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Set password' }).click()
    await page.getByLabel('New password').fill(second)
    await page.getByLabel('Reason').fill('she forgot it')
    await page.getByRole('dialog').getByRole('button', { name: 'Set password' }).click()
    await page.getByText(/^Password of .* set\.$/).waitFor()
    expect([await signIn(first), await signIn(second)]).toEqual([false, true])
    expect(complaints).toEqual([])
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByLabel('Reason').fill('a mistake')
    await page.getByLabel('Type Erin Ersatz to confirm').fill('Erin Ersatz')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('heading', { name: 'Users' }).waitFor()
    expect((await world.admin('GET', `/users/${id}`)).status).toBe(404)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Erin Ersatz' }).waitFor()
    // The open page requested the deleted user once more.
    for (const complaint of complaints.splice(0)) expect(complaint).toContain('404')
  })

  it('creates a group, and shows the effect of joining and leaving', async () => {
    const { page, goto, complaints } = ada
    await goto('/groups')
    await page.keyboard.press('n')
    await page.getByRole('dialog').getByLabel('Name').fill('night shift')
    await page.getByRole('combobox', { name: 'Members' }).fill('bob')
    await page.getByRole('option', { name: 'bob' }).click()
    await page.getByLabel('Reason').fill('somebody must be awake')
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'night shift' }).waitFor()
    await page.getByRole('row', { name: /bob.*group/ }).waitFor()
    expect((await world.admin('GET', '/users/usr_bob')).body.memberOf).toContain('night shift')
    await goto('/groups/engineering?tab=what-if&who=usr_bob')
    await page.getByRole('heading', { name: 'If bob joins' }).waitFor()
    await page.getByRole('row', { name: /Agent0.*Todo0.*todos\.read/ }).waitFor()
    await goto('/groups/engineering?tab=what-if&who=usr_alice')
    await expect.poll(() => page.title()).toBe('engineering · Groups · Crosswalk')
    await page.getByRole('heading', { name: 'If alice leaves' }).waitFor()
    await page.getByRole('row', { name: /Agent0.*Todo0.*todos\.read/ }).waitFor()
    expect(complaints).toEqual([])
  })

  it('rotates one key with overlap, and another immediately', async () => {
    const { page, goto } = ada
    const kids = async (purpose: string) => {
      const { body } = await world.admin('GET', '/keys')
      const items = body.items as { purpose: string; kid: string; state: string }[]
      return items.filter((key) => key.purpose === purpose).map(({ kid, state }) => `${state} ${kid}`)
    }
    const [old = ''] = await kids('id-jag')
    await goto('/keys')
    const jags = page.getByRole('group', { name: 'ID-JAGs' })
    await jags.getByRole('button', { name: 'Rotate key' }).click()
    await page.getByLabel('Reason').fill('every quarter')
    await page.getByRole('button', { name: 'Publish next key' }).click()
    await page.getByText('Next key published.').waitFor()
    expect(await kids('id-jag')).toEqual([old, expect.stringMatching(/^next /)])
    await jags.getByRole('button', { name: 'Replace key now' }).click()
    await page.getByLabel('Reason').fill('it stood in a log')
    const now = page.getByRole('dialog').getByRole('button', { name: 'Replace key now' })
    expect(await now.isDisabled()).toBe(true)
    await page.getByLabel('Type id-jag to confirm').fill('id-jag')
    await now.click()
    await page.getByText('Tokens signed by older keys are invalid.').first().waitFor()
    expect((await kids('id-jag')).join()).not.toContain(old.split(' ')[1])
  })

  it('disables a trusted issuer and enables it again', async () => {
    const { page, goto } = ada
    await world.admin('POST', '/authorization-servers', {
      body: { id: 'wiki', trustedIssuers: [{ issuer: 'https://idp.partner.test' }] },
    })
    await goto('/trusted-issuers')
    const card = page.getByRole('article').filter({ hasText: 'https://idp.partner.test' })
    await card.getByRole('button', { name: 'Remove trust' }).click()
    await page.getByLabel('Reason').fill('the contract ended')
    await page.getByRole('dialog').getByRole('button', { name: 'Remove trust' }).click()
    await card.getByText('Not trusted').waitFor()
    const { body } = await world.admin('GET', '/authorization-servers/wiki')
    expect(body.trustedIssuers).toMatchObject([{ issuer: 'https://idp.partner.test', active: false }])
    await card.getByRole('button', { name: 'Restore trust' }).click()
    await page.getByLabel('Reason').fill('a new contract')
    await page.getByRole('dialog').getByRole('button', { name: 'Restore trust' }).click()
    await card.getByText('Trusted', { exact: true }).waitFor()
  })

  it('trusts another issuer, and adds a client whose secret is shown once', async () => {
    const { page, goto } = ada
    await goto('/trusted-issuers')
    await page.getByRole('button', { name: 'Add trusted issuer' }).last().click()
    const issuer = page.getByRole('textbox', { name: 'Issuer', exact: true })
    const product = page.getByRole('combobox', { name: 'Product' })
    await product.selectOption('Okta')
    await page.getByRole('textbox', { name: 'Okta domain' }).fill('acme.okta.com')
    expect(await issuer.inputValue()).toBe('https://acme.okta.com')
    await page.getByText('Resource Server > Cross App Access (XAA)').waitFor()
    await product.selectOption('Another product')
    await issuer.fill('https://idp.second.test')
    await page.getByRole('combobox', { name: /unknown|Unknown/ }).selectOption('jit')
    const events = page.getByRole('switch', { name: 'Security events' })
    await events.click()
    await page.getByRole('switch', { name: 'Global token revocation' }).click()
    await page.getByLabel('Reason').fill('a second customer')
    await page.getByRole('dialog').getByRole('button', { name: 'Add issuer' }).click()
    const card = page.getByRole('article').filter({ hasText: 'https://idp.second.test' })
    await card.getByText('Trusted', { exact: true }).waitFor()
    await page.getByText('https://idp.second.test is trusted.').waitFor()
    await card.getByText('accepted: revoked access ends immediately').waitFor()
    await card.getByText('accepted: ends all access of a user immediately').waitFor()
    await card.getByRole('button', { name: 'Change trust' }).click()
    expect(await events.isChecked()).toBe(true)
    await events.click()
    await page.getByLabel('Reason').fill('they have no transmitter')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await card.getByText('not accepted: revoked access works until it expires').waitFor()
    await goto('/authorization-servers')
    await page.getByRole('button', { name: 'Add client' }).last().click()
    await page.getByRole('textbox', { name: 'Client ID', exact: true }).fill('agent0-at-wiki')
    await page.getByLabel('Reason').fill('Agent0 reads the wiki')
    await page.getByRole('dialog').getByRole('button', { name: 'Add client' }).click()
    const secret = await page.getByRole('region', { name: 'Client secret' }).innerText()
    await page.getByLabel('I saved this secret').click()
    await page.getByRole('row', { name: /agent0-at-wiki/ }).waitFor()
    const { body } = await world.admin('GET', '/authorization-servers/wiki')
    expect(body.trustedIssuers).toMatchObject([
      { issuer: 'https://idp.partner.test' },
      {
        issuer: 'https://idp.second.test',
        subject: ['iss_sub'],
        provisioning: 'jit',
        globalTokenRevocation: true,
      },
    ])
    expect(body.trustedIssuers[1]).not.toHaveProperty('securityEvents')
    expect(body.clients).toMatchObject([{ id: 'agent0-at-wiki', auth: { hasSecret: true } }])
    const asked = await fetch(`${world.server.baseUrl}/as/wiki/introspect`, {
      method: 'POST',
      headers: { authorization: basic({ id: 'agent0-at-wiki', secret }) },
      body: new URLSearchParams({ token: 'none' }),
    })
    expect([asked.status, await asked.json()]).toEqual([200, { active: false }])
  })

  it('checks a pasted ID-JAG in the browser', async () => {
    const { page, goto } = ada
    const { idToken } = await signInFor(world.server.baseUrl, 'alice')
    const { body } = await exchange(world.server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
    await goto('/trusted-issuers')
    await page.getByLabel('ID-JAG').fill(String(body['access_token']))
    await page.getByText('It is an ID-JAG.').waitFor()
    await page.getByText(/is trusted\./).waitFor()
    await page.getByLabel('ID-JAG').fill(idToken)
    await page.getByText(/matches no authorization server here/).waitFor()
  })

  it('shows live access, and revokes it one by one and by filter', async () => {
    const { page, goto, complaints } = ada
    for (const name of ['alice', 'carol', 'alice']) {
      const { idToken } = await signInFor(world.server.baseUrl, name)
      const { body } = await exchange(world.server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
      await redeem(world.server.baseUrl, String(body['access_token']))
    }
    await goto('/live-access')
    const rows = page.getByRole('row').filter({ hasText: 'Agent0 → Todo0' })
    await expect.poll(() => rows.count()).toBe(3)
    const all = page.getByRole('button', { name: 'Revoke matching tokens' })
    expect(await all.getAttribute('aria-disabled')).toBe('true')
    await rows
      .filter({ hasText: 'carol' })
      .getByRole('button', { name: /^Revoke token: agent0-at-vendor for carol/ })
      .click()
    await page.getByLabel('Reason').fill('INC-222')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click()
    await page.getByText('1 access token revoked.').waitFor()
    await expect.poll(() => rows.count()).toBe(2)
    await goto('/live-access?user=alice')
    await all.click()
    await page.getByLabel('Reason').fill('INC-222')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click()
    await page.getByText('2 access tokens revoked.').waitFor()
    await page.getByText('No live access tokens match these filters').waitFor()
    expect((await world.admin('GET', '/access-tokens')).body.items).toEqual([])
    expect(complaints).toEqual([])
  })

  it('shows which client is unknown at the other side, and the setup progress of two apps', async () => {
    const { page, goto, complaints } = ada
    await world.admin('POST', '/connections', {
      body: { id: 'other-todo0', app: 'other', resourceApp: 'todo0', clientId: 'nobody-there' },
    })
    await goto('/registrations?app=other')
    await page.getByRole('row', { name: /nobody-there.*Unknown there/ }).waitFor()
    await goto('/registrations?app=agent0')
    await page
      .getByRole('row', { name: /agent0-at-vendor.*Registered/ })
      .first()
      .waitFor()
    await goto('/readiness')
    await page.getByRole('row', { name: /^Agent0.*Configured.*In use/ }).waitFor()
    await page.getByRole('row', { name: /^Other.*Not connected.*No client there/ }).waitFor()
    expect(complaints).toEqual([])
  })

  it('names a security event stream by its resource app', async () => {
    const { page, goto } = ada
    const body = {
      ...{ id: 'mailbox', name: 'Mailbox', issuer: 'https://mailbox.example' },
      securityEvents: { endpoint: 'https://mailbox.example/events' },
    }
    expect((await world.admin('POST', '/resource-apps', { body })).status).toBe(201)
    await goto('/settings/event-streams')
    await page.getByRole('heading', { name: 'Mailbox', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Send test event' }).click()
    await page.getByRole('dialog', { name: 'Send test event to Mailbox' }).waitFor()
    await page.keyboard.press('Escape')
  })
})
