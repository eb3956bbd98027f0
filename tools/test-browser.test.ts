import { expect, test } from 'vitest'

import { describeWithBrowser, openTestBrowser } from './test-browser.ts'

describeWithBrowser('the browser for tests', () => {
  test('opens a page and runs its script', async () => {
    await using browser = await openTestBrowser()
    const page = await browser.newPage()
    await page.setContent(
      '<h1>before</h1><script>document.querySelector("h1").textContent = "after"</script>',
    )
    expect(await page.textContent('h1')).toBe('after')
  })
})
