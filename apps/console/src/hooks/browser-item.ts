// What the console keeps in this browser, by name. Never a secret.

export function readItem(name: string): string | null {
  try {
    return localStorage.getItem(`crosswalk.${name}`)
  } catch {
    return null
  }
}

export function writeItem(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`crosswalk.${name}`)
    else localStorage.setItem(`crosswalk.${name}`, value)
  } catch {
    // Private windows may have no storage; the value then lasts as long as the page.
  }
}

/** Calls the listener when another tab of the console writes an item. */
export function onOtherTab(listener: () => void): void {
  addEventListener('storage', ({ key }) => {
    if (key === null || key.startsWith('crosswalk.')) listener()
  })
}
