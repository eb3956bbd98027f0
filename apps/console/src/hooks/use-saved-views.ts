// Saved views, kept in this browser.
import { useMemo, useSyncExternalStore } from 'react'

import { onOtherTab, readItem, writeItem } from './browser-item.ts'
import { createListeners } from './listeners.ts'
import { parseViews, type SavedView } from './saved-views.ts'

/** The oldest are dropped. */
const MAX_VIEWS = 100

const { subscribe, notify } = createListeners()
let current: readonly SavedView[] | undefined

function read(): readonly SavedView[] {
  return (current ??= parseViews(readItem('views')))
}

function write(views: readonly SavedView[]): void {
  current = views
  writeItem('views', views.length === 0 ? undefined : JSON.stringify(views))
  notify()
}

/** Replaces the view of that name on the same page. */
export function saveView(view: SavedView): void {
  write([...read().filter((one) => !isNamed(one, view)), view].slice(-MAX_VIEWS))
}

export function deleteView(view: SavedView): void {
  write(read().filter((one) => !isNamed(one, view)))
}

function isNamed(one: SavedView, { path, name }: Pick<SavedView, 'path' | 'name'>): boolean {
  return one.path === path && one.name === name
}

onOtherTab(() => {
  current = undefined
  notify()
})

/** @returns the views of a page, by name */
export function useSavedViews(path: string): readonly SavedView[] {
  const all = useSyncExternalStore(subscribe, read)
  return useMemo(
    () => all.filter((view) => view.path === path).sort((one, other) => one.name.localeCompare(other.name)),
    [all, path],
  )
}
