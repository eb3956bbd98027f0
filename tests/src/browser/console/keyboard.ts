// Works a page without a mouse: by Tab, shortcuts and the palette alone. At every stop it checks that the focus can be seen
// and that nothing covers it.
import type { Locator, Page } from 'playwright-core'

export interface Keyboard {
  press(...keys: readonly string[]): Promise<void>
  type(text: string): Promise<void>
  /** Tab until the target has the focus. @throws where a whole round does not come by */
  tabTo(target: Locator): Promise<void>
  /** Tab to a field and type */
  fill(field: Locator, text: string): Promise<void>
  /** Tab to a control and press Enter */
  enter(control: Locator): Promise<void>
  /** Tab to a box, radio or switch and press Space */
  toggle(control: Locator): Promise<void>
  /** Chooses what the palette finds first */
  palette(query: string, option: RegExp): Promise<void>
  /** Tab to the first of a group of radios and go to one of them by arrow */
  choose(radio: Locator, first: Locator): Promise<void>
  /** Every stop of Tab from the top of the page, each by its place in the document */
  walk(): Promise<readonly string[]>
  /** Where the focus could not be seen, or was covered */
  readonly blemishes: ReadonlySet<string>
  /** How often a pointer was used in this page since it was loaded; a click that a key makes does not count */
  countPointer(): Promise<number>
}

/** More stops than any page has. */
const MAX_STOPS = 250

/** Milliseconds; a list that closes covers what is below it for a moment */
const CLOSING = 600

interface Stop {
  readonly key: string
  readonly name: string
  readonly visible: boolean
  readonly covered: boolean
}

/** @returns the focused control, read again while a list that is closing covers it */
async function readUncovered(page: Page): Promise<Stop | null> {
  const end = Date.now() + CLOSING
  for (;;) {
    const stop = await page.evaluate<Stop | null>(READ_FOCUS)
    if (stop?.covered !== true || Date.now() > end) return stop
    await page.waitForTimeout(50)
  }
}

export async function createKeyboard(page: Page): Promise<Keyboard> {
  const blemishes = new Set<string>()
  await page.addInitScript(COUNT_POINTER)
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const type = (text: string) => page.keyboard.type(text)
  async function tab(): Promise<Stop | null> {
    await page.keyboard.press('Tab')
    const stop = await readUncovered(page)
    if (stop?.visible === false) blemishes.add(`${page.url()} ${stop.name}: the focus cannot be seen`)
    if (stop?.covered === true) blemishes.add(`${page.url()} ${stop.name}: something covers it`)
    return stop
  }
  async function tabTo(target: Locator): Promise<void> {
    await target.waitFor({ state: 'attached' })
    const passed: string[] = []
    while (!(await target.evaluate(HAS_FOCUS))) {
      if (passed.length > MAX_STOPS)
        throw new Error(`Tab never comes to ${String(target)}: ${passed.join(', ')}`)
      passed.push((await tab())?.name ?? 'nothing')
    }
  }
  async function walk(): Promise<readonly string[]> {
    const stops: Stop[] = []
    for (let count = 0; count < MAX_STOPS; count += 1) {
      const stop = await tab()
      // Behind the last stop the browser itself has the focus.
      if (stop === null) continue
      if (stop.key === stops[0]?.key) return fromTheTop(stops.map(({ key }) => key))
      stops.push(stop)
    }
    throw new Error(`Tab never comes round: ${stops.map(({ name }) => name).join(', ')}`)
  }
  return {
    press,
    type,
    tabTo,
    walk,
    blemishes,
    async fill(field, text) {
      await tabTo(field)
      await press('Control+a')
      await type(text)
    },
    async enter(control) {
      await tabTo(control)
      await press('Enter')
    },
    async toggle(control) {
      await tabTo(control)
      await press('Space')
    },
    async palette(query, option) {
      await press('Control+k')
      // What is typed before the field has the focus goes nowhere.
      await page
        .locator('[role=combobox]:focus')
        .and(page.getByRole('combobox', { name: /Search pages, connection/ }))
        .waitFor()
      await type(query)
      await page.getByRole('option', { name: option, selected: true }).waitFor()
      await press('Enter')
    },
    async choose(radio, first) {
      await tabTo(first)
      await press('Space')
      for (let moves = 0; !(await radio.isChecked()) && moves < MAX_STOPS; moves += 1)
        await press('ArrowDown')
    },
    countPointer: () => page.evaluate<number>('window.pointerUses'),
  }
}

function fromTheTop(keys: readonly string[]): readonly string[] {
  const top = keys.indexOf([...keys].sort()[0] ?? '')
  return [...keys.slice(top), ...keys.slice(0, top)]
}

/** A click made by a key has no `detail`. */
const COUNT_POINTER = `
  window.pointerUses = 0
  const count = () => { window.pointerUses += 1 }
  addEventListener('pointerdown', count, true)
  addEventListener('click', ({ detail }) => { if (detail > 0) count() }, true)
`

const HAS_FOCUS = (element: unknown): boolean =>
  element === (globalThis as unknown as { document: { activeElement: unknown } }).document.activeElement

/** Names each element by its place in the document, which is the order of reading. */
const READ_FOCUS = `(() => {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const name = (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '')
  // A box that draws itself beside its field, or a field that a frame stands around.
  const around = [element, element.nextElementSibling, element.parentElement].filter((one) => one !== null)
  const rings = around.some((one) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one)
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1
  })
  const shape = [element, ...(element.labels ?? []), element.parentElement]
    .map((one) => one.getBoundingClientRect())
    .find(({ width, height }) => width > 2 && height > 2)
  const x = Math.min(Math.max(shape.left + shape.width / 2, 0), innerWidth - 1)
  const y = Math.min(Math.max(shape.top + Math.min(shape.height / 2, 12), 0), innerHeight - 1)
  const hit = document.elementFromPoint(x, y)
  const covered = !around.some((one) => one.contains(hit)) && hit?.contains(element) !== true
  const place = [...document.querySelectorAll('*')].indexOf(element)
  return {
    key: String(place).padStart(6, '0') + ' ' + element.tagName.toLowerCase(),
    name: element.tagName.toLowerCase() + ' ' + name.trim().slice(0, 60),
    visible: rings,
    covered,
  }
})()`
