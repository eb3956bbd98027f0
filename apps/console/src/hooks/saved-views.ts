// Filters of a list under a name. Pure.

export interface SavedView {
  /** Of the page with the list */
  readonly path: string
  readonly name: string
  readonly filters: Readonly<Record<string, string>>
}

export const MAX_VIEW_NAME = 60

/** @param stored - may have been written by another version of the console */
export function parseViews(stored: string | null): readonly SavedView[] {
  try {
    const views: unknown = JSON.parse(stored ?? '[]')
    return Array.isArray(views) ? views.filter(isView) : []
  } catch {
    return []
  }
}

function isView(value: unknown): value is SavedView {
  const { path, name, filters } = Object(value) as Record<string, unknown>
  return (
    typeof path === 'string' &&
    typeof name === 'string' &&
    typeof filters === 'object' &&
    filters !== null &&
    Object.values(filters).every((filter) => typeof filter === 'string')
  )
}

/** Whether a list with these filters shows the view. */
export function hasFilters(
  { filters }: SavedView,
  others: Readonly<Record<string, string | undefined>>,
): boolean {
  const names = new Set([...Object.keys(filters), ...Object.keys(others)])
  return [...names].every((name) => filters[name] === others[name])
}
