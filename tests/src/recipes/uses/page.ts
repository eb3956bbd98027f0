// Opens the page of the recipe in a browser, by its tab in the menu, and the dialog that offers presets of products.
import { startConsoleWorld } from '../../browser/console/console-world.ts'

export async function usePage() {
  const world = await startConsoleWorld({ idp: { groups: [{ id: 'engineering', name: 'Engineering' }] } })
  const { page, goto, complaints } = await world.signIn('ada')
  await goto('/users')
  await page.getByRole('link', { name: 'File groups' }).click()
  await page.getByRole('heading', { name: 'File groups', level: 1 }).waitFor()
  const row = page.getByRole('row').nth(1)
  await row.waitFor()
  const shown = {
    address: new URL(page.url()).pathname,
    title: await page.title(),
    row: await row.innerText(),
  }
  await world.admin('POST', '/authorization-servers', { body: { id: 'wiki' } })
  await goto('/trusted-issuers')
  await page.getByRole('button', { name: 'Add trusted issuer' }).last().click()
  await page.getByRole('combobox', { name: 'Product' }).selectOption('Nimbus ID')
  await page.getByRole('textbox', { name: 'Nimbus tenant' }).fill('acme')
  const issuer = await page.getByRole('textbox', { name: 'Issuer', exact: true }).inputValue()
  await world.stop()
  return { ...shown, preset: issuer, complaints }
}
