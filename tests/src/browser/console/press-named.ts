// Presses and fills in controls as users find them: by their label, in the front dialog if there is one.
import type { Locator, Page } from 'playwright-core'

const PRESSED = ['button', 'link', 'radio', 'checkbox', 'tab'] as const

function inFront(page: Page): Locator {
  return page.locator('[role=dialog]:visible, body:not(:has([role=dialog]:visible))').last()
}

/** @throws Error if no control, or more than one, has this name */
export async function pressNamed(page: Page, name: string): Promise<void> {
  const front = inFront(page)
  const all = [
    ...PRESSED.map((role) => front.getByRole(role, { name, exact: true })),
    // The summary of folded fields has no role that all browsers agree on.
    front.locator(`summary:text-is(${JSON.stringify(name)})`),
  ]
  const named = all.slice(1).reduce((either, one) => either.or(one), all[0] ?? front)
  await named.first().waitFor()
  const count = await named.count()
  if (count !== 1) throw new Error(`${count} things are called ${name}`)
  await named.click()
}

/** Selects the option if the field is a select or combobox. */
export async function fillNamed(page: Page, name: string, value: string): Promise<void> {
  const front = inFront(page)
  const choosing = front.getByRole('combobox', { name, exact: true })
  // A password input has no role.
  const secret = front.getByLabel(name, { exact: true }).and(front.locator('input[type=password]'))
  const field = front.getByRole('textbox', { name, exact: true }).or(secret)
  await field.or(choosing).first().waitFor()
  if ((await choosing.count()) === 0) return field.fill(value)
  await choosing.fill(value)
  const option = page.getByRole('option', { name: value, exact: true })
  const offered = await option.waitFor({ timeout: 1500 }).then(
    () => true,
    () => false,
  )
  await (offered ? option.click() : choosing.press('Enter'))
  await choosing.press('Tab')
}
