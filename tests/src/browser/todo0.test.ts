// Todo0's page in a real browser without JavaScript: signing in, and every action on the list.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../tools/test-browser.ts'
import { findSeriousProblems } from './console/axe.ts'
import { type DemoPages, findOverflow, openDemoPages } from './demo-pages.ts'

describeWithBrowser('Todo0 in a browser', () => {
  let demo: DemoPages
  let todo0 = ''
  beforeAll(async () => {
    demo = await openDemoPages()
    todo0 = demo.world.addresses.todo0
  })
  afterAll(() => demo.stop())

  it('lets alice add, edit, finish, filter and delete, shows who did what, and signs her out', async () => {
    const { context, page, seen } = await demo.open({ javaScriptEnabled: false })
    await demo.signIn(page, 'alice', demo.world.addresses.agent0)
    await page.getByLabel('Your message').fill('add buy milk')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('for “add buy milk”').waitFor()

    // She is already signed in at acme.
    await page.goto(todo0)
    await page.getByRole('link', { name: 'Sign in with acme' }).click()
    const milk = page.getByRole('listitem').filter({ hasText: 'buy milk' })
    expect(await milk.textContent()).toMatch(/added by Agent0 for you/)

    await page.getByLabel('New todo').fill('call <b>mum</b>')
    await page.getByRole('button', { name: 'Add' }).click()
    const call = page.getByRole('listitem').filter({ hasText: 'call <b>mum</b>' })
    expect(await call.textContent()).toMatch(/added by you/)

    await call.getByText('Edit', { exact: true }).click()
    await call.getByRole('textbox').fill('call dad')
    await call.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Finish call dad' }).click()
    await page.getByText('3 open, 1 done').waitFor()

    await page.getByRole('link', { name: /^Done/ }).click()
    expect(await page.getByRole('listitem').count()).toBe(1)
    expect(await page.getByRole('listitem').textContent()).toMatch(/call dad.*finished by you/s)
    await page.getByRole('button', { name: 'Delete call dad' }).click()
    await page.getByText('None of them is done.').waitFor()
    await page.getByRole('link', { name: /^All/ }).click()
    expect(await page.getByRole('listitem').count()).toBe(3)

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: /sign out/i }).click()
    await page.waitForURL(`${todo0}/`)
    await page.getByRole('link', { name: 'Sign in with acme' }).waitFor()
    expect(seen).toEqual([])
    await context.close()
  })

  it('shows the sign-in page, not an error, after alice signs out elsewhere', async () => {
    const { context, page } = await demo.open()
    await demo.signIn(page, 'alice', todo0)
    const agent0 = demo.world.addresses.agent0
    await page.goto(agent0)
    await page.getByRole('link', { name: 'Sign in with acme' }).click()
    await page.waitForURL(`${agent0}/`)
    await page.getByRole('button', { name: /sign out/i }).click()
    await page.getByRole('button', { name: /sign.*out/i }).click()
    await page.waitForURL(`${agent0}/`)
    // The event reaches the vendor a moment later.
    await expect
      .poll(async () => {
        await page.goto(todo0)
        const main = await page.getByRole('main').innerText()
        expect(main).not.toContain('cannot show your todos')
        return page.getByRole('link', { name: 'Sign in with acme' }).count()
      })
      .toBeGreaterThan(0)
    await context.close()
  })

  it('does not let bob in, with the message of the IdP', async () => {
    const { context, page } = await demo.open()
    await page.goto(`${todo0}/signin`)
    await page.getByLabel('User name').fill('bob')
    await page.getByLabel('Password').fill(demo.world.secrets.passwords.bob)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('You have no access to Todo0').waitFor()
    await page.goto(todo0)
    await page.getByRole('link', { name: 'Sign in with acme' }).waitFor()
    await context.close()
  })

  it.each([
    [320, 'light'],
    [320, 'dark'],
    [1200, 'light'],
  ] as const)('fits %i pixels in %s, without serious accessibility problems', async (width, colorScheme) => {
    const { context, page } = await demo.open({ viewport: { width, height: 720 }, colorScheme })
    await page.goto(todo0)
    expect(await findSeriousProblems(page)).toEqual([])
    await demo.signIn(page, 'carol', todo0)
    await page.getByText('Edit', { exact: true }).first().click()
    expect(await findOverflow(page)).toBe(0)
    expect(await findSeriousProblems(page)).toEqual([])
    await context.close()
  })
})
