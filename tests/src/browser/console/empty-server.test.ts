// A server without apps and connections: each empty page leads to its next step, and the forms of the first objects work at the first try.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'

describeWithBrowser('a server without apps', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld({ idp: { apps: [], resourceApps: [], connections: [] } })
    ada = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  it.each([
    ['/connections', 'Create connection', 'Create connection'],
    ['/map', 'Create connection', 'Create connection'],
    ['/settings/registrations', 'Create connection', 'Create connection'],
    ['/settings/readiness', 'Register app', 'Register app'],
    ['/settings/readiness', 'Register resource app', 'Register resource app'],
    ['/policies/report-only', 'Create policy', 'Create policy'],
    ['/decisions', 'Setup checklist', 'Setup checklist'],
    ['/connections/new', 'Register app', 'Register app'],
  ])('leads from %s by “%s” to the next step', async (from, link, heading) => {
    const { page, goto } = ada
    await goto(from)
    await page.locator('main').getByRole('link', { name: link, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  })

  it('ticks no fact of the setup checklist about agents that do not exist', async () => {
    const { page, goto } = ada
    await goto('/set-up')
    const owners = page.getByRole('listitem').filter({ hasText: 'Each agent has an owner' })
    await owners.getByRole('img', { name: 'to do' }).waitFor()
  })

  it('offers no next step to a role that may not take it', async () => {
    const { page, goto, context } = await world.signIn('aude')
    await goto('/map')
    await page.getByText('No connections').waitFor()
    expect(await page.getByRole('link', { name: 'Create connection' }).count()).toBe(0)
    await context.close()
  })

  it('offers policies that work on every server', async () => {
    const { page, goto } = ada
    await goto('/policies')
    const names = await page.locator('main .cw-state li a').allInnerTexts()
    expect(names.length).toBeGreaterThan(2)
    for (const name of names) {
      await goto('/policies')
      await page.getByRole('link', { name }).click()
      await page.getByText(/\(report-only\)$/).waitFor()
      expect(await page.getByText('Cannot work as written').count(), name).toBe(0)
    }
  })

  it('names the resource without an identifier before the server does', async () => {
    const { page, goto } = ada
    await goto('/resource-apps/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('Wiki')
    await page.getByRole('textbox', { name: 'Audience' }).fill('https://wiki.example')
    await page.getByRole('button', { name: 'Add resource' }).click()
    const register = page.getByRole('button', { name: 'Register resource app' })
    await page.getByText('Enter the identifier of resource 1, or remove it.').waitFor()
    expect(await register.isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Remove resource 1' }).click()
    await register.click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
  })

  it('does not move the button away while it is pressed', async () => {
    const { page, goto } = ada
    await goto('/resource-apps/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('Wiki')
    await page.getByRole('textbox', { name: 'Audience' }).fill('https://wiki.example')
    await page.getByRole('button', { name: 'Add resource' }).click()
    await page.getByLabel('Resource identifier').fill('https://wiki.example/mcp')
    // Leaving the field adds the scope.
    await page.getByRole('combobox', { name: 'Scopes' }).pressSequentially('pages.read')
    const register = page.getByRole('button', { name: 'Register resource app' })
    await register.scrollIntoViewIfNeeded()
    const box = await register.boundingBox()
    await page.mouse.click((box?.x ?? 0) + 20, (box?.y ?? 0) + 10)
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
  })

  it('accepts spaces in the name of a group', async () => {
    const { page, goto } = ada
    await goto('/users/new')
    await page.getByLabel('User name').fill('bea')
    await page.getByRole('combobox', { name: 'Groups' }).pressSequentially('IT staff')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Create user' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('joined')
    await dialog.getByRole('button', { name: 'Create user' }).click()
    await page.getByRole('heading', { level: 1, name: 'bea' }).waitFor()
    const { body } = await world.admin('GET', '/users?q=bea')
    expect(body.items[0].groups).toEqual(['IT staff'])
  })

  it.each([
    '/connections/gone',
    '/connections/gone/prove',
    '/apps/gone',
    '/users/gone',
    '/decisions/dec_gone',
  ])('leads back to the list from %s, which does not exist', async (address) => {
    const { page, goto } = ada
    await goto(address)
    await page.getByText('Not found').waitFor()
    const list = `/${address.split('/')[1]}`
    await page.locator(`main .cw-state a[href="/admin${list}"]`).click()
    await page.waitForURL(`**/admin${list}`)
  })
})
