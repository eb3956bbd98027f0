// Another theme for a page that is open, as another tab of the console would choose it.

/** @returns what is to be evaluated in the page; done when it is painted */
export function showTheme(theme: 'light' | 'dark' | 'contrast'): string {
  const key = 'crosswalk.theme'
  const painted = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'
  return `localStorage.setItem('${key}', '${theme}'); dispatchEvent(new StorageEvent('storage', { key: '${key}' })); ${painted}`
}
