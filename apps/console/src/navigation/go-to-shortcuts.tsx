// `G` and a letter lead to the pages that have one.
import { useNavigate } from '@tanstack/react-router'

import { useShortcut } from '../keyboard/shortcuts.tsx'
import { text } from '../texts/text.ts'
import type { PageEntry } from '../pages/page-entry.ts'
import { PAGES } from './pages.ts'
import { useShown } from './use-shown.ts'

export function GoToShortcuts() {
  return PAGES.filter(({ keys }) => keys !== undefined).map((entry) => (
    <GoTo key={entry.path} entry={entry} />
  ))
}

function GoTo({ entry }: { readonly entry: PageEntry }) {
  const { path, title, keys = '' } = entry
  const navigate = useNavigate()
  const may = useShown()(entry)
  useShortcut(
    { keys, label: title, group: text('help.group.go') },
    may ? () => void navigate({ to: path }) : undefined,
  )
  return null
}
