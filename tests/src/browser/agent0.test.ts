// Agent0 in a real browser, as alice, bob and carol: with and without JavaScript, every button that breaks the flow, both themes, narrow and
// wide. No token reaches the browser.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../tools/test-browser.ts'
import { JWT } from '../support/jwt-pattern.ts'
import { findSeriousProblems } from './console/axe.ts'
import { type DemoPages, findOverflow, openDemoPages } from './demo-pages.ts'

describeWithBrowser('Agent0 in a browser', () => {
  let demo: DemoPages
  let agent0 = ''
  beforeAll(async () => {
    // Short enough that the ID token has expired when its button is pressed.
    demo = await openDemoPages({ idTokenTtlSeconds: 1 })
    agent0 = demo.world.addresses.agent0
  })
  afterAll(() => demo.stop())

  /** @returns Agent0's reply */
  async function ask(page: Page, sentence: string) {
    await page.getByLabel('Your message').fill(sentence)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText(`for “${sentence}”`).waitFor()
    return page.getByRole('log').getByRole('listitem').filter({ hasText: 'Agent0:' }).last()
  }

  it('lets alice chat without JavaScript, and shows her no token', async () => {
    const { context, page, seen } = await demo.open({ javaScriptEnabled: false })
    await demo.signIn(page, 'alice', agent0)
    expect(await (await ask(page, 'list my todos')).textContent()).toMatch(
      /You have \d todos, \d of them open:/,
    )
    const wire = page.getByRole('complementary')
    expect(await wire.textContent()).toMatch(/ID token → ID-JAG.*ID-JAG → access token.*POST \/mcp/s)
    expect(await wire.textContent()).toMatch(/decision dec_/)
    expect(await (await ask(page, 'add buy milk')).textContent()).toContain('I added "buy milk"')
    const cookies = await context.cookies()
    expect(JSON.stringify(cookies)).not.toMatch(JWT)
    for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
    expect(seen).toEqual([])
    await context.close()
  })

  it('replies to carol without a page load, and shows claims, checks and the lifetime of her sign-in', async () => {
    const { context, page, seen, complaints } = await demo.open({ viewport: { width: 1200, height: 800 } })
    await demo.signIn(page, 'carol', agent0)
    await page.evaluate('window.stayed = true')
    expect(await (await ask(page, 'what are my notes')).textContent()).toContain('You have 2 notes:')
    expect(await (await ask(page, 'list my todos')).textContent()).toContain('You have 2 todos')
    expect(await page.evaluate('window.stayed')).toBe(true)
    const wire = page.getByRole('complementary')
    await wire.getByText('Claims of the ID-JAG').first().click()
    expect(await wire.getByRole('term').filter({ hasText: 'aud' }).first().textContent()).toContain(
      'the recipient',
    )
    await wire
      .getByText(/^\d+ checks$/)
      .first()
      .click()
    await wire.getByText('subject_token.signature').waitFor()
    await wire.getByText('Your sign-in and its lifetime').click()
    const text = (await wire.innerText()).replace(/\s+/g, ' ')
    expect(text).toMatch(/ID token until [\d:]+ UTC, (not renewed yet|renewed (once|\d+ times))/)
    expect(text).toMatch(/access token http\S+\/mcp for todos\.read/)
    // The conversation survives a reload.
    await page.reload()
    expect(await page.getByRole('log').textContent()).toContain('You have 2 notes:')
    expect([...seen, ...complaints]).toEqual([])
    await context.close()
  })

  it('tells alice and bob plainly what their organisation does not allow', async () => {
    const { context, page, complaints } = await demo.open()
    await demo.signIn(page, 'alice', agent0)
    const scope = await (await ask(page, 'add note hello')).textContent()
    expect(scope).toContain('Your organisation has not allowed Agent0 to write notes in Notes0 for you.')
    expect(scope).toMatch(/Decision dec_/)
    await context.clearCookies()
    await demo.signIn(page, 'bob', agent0)
    const access = await (await ask(page, 'list my todos')).textContent()
    expect(access).toContain('Your organisation has not allowed Agent0 to use Todo0 for you.')
    const wire = await page.getByRole('complementary').textContent()
    expect(wire).toContain('A policy of the organisation denies this')
    expect(`${access} ${wire}`).not.toContain('XAA15')
    expect(complaints).toEqual([])
    await page.getByRole('link', { name: 'Request access' }).click()
    await page.getByRole('heading', { name: 'Agent0 could not act for you' }).waitFor()
    expect(await page.getByRole('main').textContent()).toContain('Request access')
    await context.close()
  })

  it('shows for every button that breaks the flow who noticed, and why', async () => {
    const { context, page, seen } = await demo.open({ viewport: { width: 1200, height: 800 } })
    await demo.signIn(page, 'alice', agent0)
    const press = async (name: string) => {
      await page.getByText('Break it on purpose').click()
      await page.getByRole('button', { name }).click()
      const report = page.getByRole('region', { name: 'Result of breaking the flow' })
      await report.filter({ hasText: name }).waitFor()
      return (await report.innerText()).replace(/\s+/g, ' ').trim()
    }
    const [idp, vendor] = ["acme's identity provider", "the todo vendor's authorization server"]
    const EXPECTED: readonly (readonly [string, string])[] = [
      ['Replay the grant', `refused by ${vendor} error invalid_grant code XAA2209`],
      ['Wrong audience', `refused by ${idp} error invalid_target code XAA1302`],
      ['Edited grant', `refused by ${vendor} error invalid_grant code XAA2203`],
      ['Wrong client', `refused by ${vendor} error invalid_grant code XAA2103`],
      ['Too much scope', `refused by ${idp} error invalid_scope code XAA1602`],
      ['ID token as grant', `refused by ${vendor} error invalid_grant code XAA2201`],
      ['Token at the wrong API', 'refused by Todo0 itself error invalid_token code XAA3002'],
      ['Require a step-up', `refused by ${idp} error insufficient_user_authentication code XAA1801`],
      ['Stop the agent', `refused by ${idp} error access_denied`],
      ['Remove the user', `refused by ${idp} error access_denied`],
    ]
    for (const [name, refusal] of EXPECTED) expect(await press(name)).toContain(refusal)
    let report = await press('Expired ID token')
    while (report.includes('No ID token has expired yet')) report = await press('Expired ID token')
    expect(report).toContain(`refused by ${idp} error invalid_grant code XAA1202`)
    const offered = await page.locator('form[action="/break"] button').count()
    expect(offered).toBe(EXPECTED.length + 1)
    expect(seen).toEqual([])
    await context.close()
  })

  it.each([
    [320, 'light'],
    [320, 'dark'],
    [1200, 'dark'],
  ] as const)('fits %i pixels in %s, without serious accessibility problems', async (width, colorScheme) => {
    const { context, page } = await demo.open({ viewport: { width, height: 720 }, colorScheme })
    await demo.signIn(page, 'alice', agent0)
    await ask(page, 'what are my notes')
    await page.getByText('Break it on purpose').click()
    await page.locator('.legs summary').nth(1).click()
    expect(await findOverflow(page)).toBe(0)
    expect(await findSeriousProblems(page)).toEqual([])
    await context.close()
  })
})
