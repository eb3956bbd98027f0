// `G` and a letter lead to the pages that have one.
import { useNavigate } from '@tanstack/react-router'

import { useShortcut } from '../keyboard/shortcuts.tsx'
import { useCan } from '../session/session.tsx'
import { text } from '../texts/text.ts'
import type { PageEntry } from './page-entry.ts'
import { PAGES } from './pages.ts'

export function GoToShortcuts() {
  return PAGES.filter(({ keys }) => keys !== undefined).map((entry) => (
    <GoTo key={entry.path} entry={entry} />
  ))
}

function GoTo({ entry: { path, title, keys = '', needs } }: { readonly entry: PageEntry }) {
  const navigate = useNavigate()
  const can = useCan()
  const may = needs === undefined || can(needs)
  useShortcut(
    { keys, label: title, group: text('help.group.go') },
    may ? () => void navigate({ to: path }) : undefined,
  )
  return null
}
