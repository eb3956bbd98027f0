// Sign-ins in the console: the list of decisions and the page of one name the user.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { TODO } from '../../support/company.ts'
import { exchange, signInFor } from '../../support/flow.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'

describeWithBrowser('a sign-in', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld()
    ada = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  it('is listed with its user, and its page names and links the user', async () => {
    const { page, goto, complaints } = ada
    await signInFor(world.server.baseUrl, 'bob')
    const { body } = await world.admin('GET', '/users/usr_bob')
    await goto('/decisions?about=sign-in&user=usr_bob')
    await page.getByRole('row').filter({ hasText: body.name }).first().waitFor()
    const { body: list } = await world.admin('GET', '/decisions?about=sign-in&user=usr_bob')
    await goto(`/decisions/${list.items[0].decision_id}`)
    await page.getByText(`signed ${body.name} in.`).first().waitFor()
    await page.getByRole('tab', { name: 'Request' }).click()
    const user = page.getByRole('tabpanel').getByRole('link', { name: body.name })
    expect(await user.getAttribute('href')).toMatch(/\/users\/usr_bob$/)
    // A sign-in is no crossing: the authorization server has no part in it.
    const stages = page.getByRole('list', { name: 'Stages' })
    expect(await stages.count()).toBe(0)
    const alice = await signInFor(world.server.baseUrl, 'alice')
    const { headers } = await exchange(world.server.baseUrl, alice.idToken, { resource: TODO })
    await goto(`/decisions/${headers.get('crosswalk-decision')}`)
    await stages.getByText('Resource authorization server').waitFor()
    expect(complaints).toEqual([])
  })
})
