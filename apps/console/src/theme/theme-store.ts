// The user's theme, density and shortcut preferences, stored in this browser. Contains no secrets.
import { useSyncExternalStore } from 'react'

import { onOtherTab, readItem, writeItem } from '../hooks/browser-item.ts'
import { createListeners } from '../hooks/listeners.ts'

export const THEMES = ['light', 'dark', 'contrast'] as const
export type Theme = (typeof THEMES)[number]
export const DENSITIES = ['comfortable', 'compact'] as const
export type Density = (typeof DENSITIES)[number]

export interface Preferences {
  /** The theme; `system` follows the operating system */
  readonly theme: Theme | 'system'
  readonly density: Density
  readonly shortcuts: boolean
}

const { subscribe, notify: tell } = createListeners()
let current = read()

function read(): Preferences {
  const theme = readItem('theme')
  return {
    theme: THEMES.find((one) => one === theme) ?? 'system',
    density: readItem('density') === 'compact' ? 'compact' : 'comfortable',
    shortcuts: readItem('shortcuts') !== 'off',
  }
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change }
  writeItem('theme', current.theme === 'system' ? undefined : current.theme)
  writeItem('density', current.density === 'compact' ? 'compact' : undefined)
  writeItem('shortcuts', current.shortcuts ? undefined : 'off')
  apply()
}

function resolveTheme(): Theme {
  if (current.theme !== 'system') return current.theme
  if (matchMedia('(prefers-contrast: more)').matches) return 'contrast'
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

function apply(): void {
  document.documentElement.dataset['theme'] = resolveTheme()
  document.documentElement.dataset['density'] = current.density
  tell()
}

onOtherTab(() => {
  current = read()
  apply()
})

for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'])
  matchMedia(query).addEventListener('change', apply)

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current)
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, resolveTheme)
}

export function areShortcutsOn(): boolean {
  return current.shortcuts
}
