// Switches the theme of an open page, as another tab of the console would.

/** @returns a script for the page; resolves when it is painted */
export function showTheme(theme: 'light' | 'dark' | 'contrast'): string {
  const key = 'crosswalk.theme'
  const painted = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'
  return `localStorage.setItem('${key}', '${theme}'); dispatchEvent(new StorageEvent('storage', { key: '${key}' })); ${painted}`
}
