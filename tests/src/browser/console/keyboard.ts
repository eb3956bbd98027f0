// Uses a page without a mouse, by Tab, shortcuts and the command palette. Checks at every stop that the focus is visible and not covered.
import type { Locator, Page } from 'playwright-core'

export interface Keyboard {
  press(...keys: readonly string[]): Promise<void>
  type(text: string): Promise<void>
  /** Tab until the target has the focus. @throws if a whole round does not reach it */
  tabTo(target: Locator): Promise<void>
  /** Tab to a field and type */
  fill(field: Locator, text: string): Promise<void>
  /** Tab to a control and press Enter */
  enter(control: Locator): Promise<void>
  /** Tab to a box, radio or switch and press Space */
  toggle(control: Locator): Promise<void>
  /** Chooses the first result in the palette */
  palette(query: string, option: RegExp): Promise<void>
  /** Tab to a radio group and select an option with the arrow keys */
  choose(radio: Locator, first: Locator): Promise<void>
  /** Every Tab stop from the top of the page, by position in the document */
  walk(): Promise<readonly string[]>
  /** Stops where the focus was invisible or covered */
  readonly blemishes: ReadonlySet<string>
  /** Number of pointer events in this page; clicks caused by keys do not count */
  countPointer(): Promise<number>
}

/** More than any page has. */
const MAX_STOPS = 250

/** Milliseconds; a closing list briefly covers what is below it */
const CLOSING = 600

interface Stop {
  readonly key: string
  readonly name: string
  readonly visible: boolean
  readonly covered: boolean
}

/** @returns the focused control, read again while a closing list covers it */
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
        throw new Error(`Tab never reaches ${String(target)}: ${passed.join(', ')}`)
      passed.push((await tab())?.name ?? 'nothing')
    }
  }
  async function walk(): Promise<readonly string[]> {
    const stops: Stop[] = []
    for (let count = 0; count < MAX_STOPS; count += 1) {
      const stop = await tab()
      // After the last stop, the browser itself has the focus.
      if (stop === null) continue
      if (stop.key === stops[0]?.key) return fromTheTop(stops.map(({ key }) => key))
      stops.push(stop)
    }
    throw new Error(`Tab never returns to the start: ${stops.map(({ name }) => name).join(', ')}`)
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
      // Keys typed before the field has the focus are lost.
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

/** Identifies each element by its position in the document, which is the reading order. */
const READ_FOCUS = `(() => {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const name = (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '')
  // A checkbox drawn next to its input, or an input inside a frame, perhaps with values before it.
  const frame = element.closest('.mantine-Input-input')
  const around = [element, element.nextElementSibling, element.parentElement, frame].filter((one) => one !== null)
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
