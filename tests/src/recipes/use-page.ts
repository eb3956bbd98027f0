// Opens the page of the recipe in a browser, by its tab in the menu, and prints what it shows.
import { startConsoleWorld } from '../browser/console/console-world.ts'

const world = await startConsoleWorld({ idp: { groups: [{ id: 'engineering', name: 'Engineering' }] } })
const { page, goto, complaints } = await world.signIn('aude')
await goto('/users')
await page.getByRole('link', { name: 'File groups' }).click()
await page.getByRole('heading', { name: 'File groups', level: 1 }).waitFor()
const row = page.getByRole('row').nth(1)
await row.waitFor()

console.log(
  JSON.stringify({
    address: new URL(page.url()).pathname,
    title: await page.title(),
    row: await row.innerText(),
    complaints,
  }),
)
await world.stop()
// The browser would keep this process running.
process.exit()
