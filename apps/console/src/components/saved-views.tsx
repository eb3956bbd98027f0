// The saved views of a list: shows one, saves the current filters as one, and deletes the one that is shown.
import { Button, Menu, Modal, TextInput } from '@mantine/core'
import { IconBookmark, IconCheck, IconDeviceFloppy, IconTrash } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import { useState } from 'react'

import { type DialogProps, useDialog } from '../hooks/use-dialog.ts'
import type { FilterState } from '../hooks/use-filters.ts'
import { hasFilters, MAX_VIEW_NAME, type SavedView } from '../hooks/saved-views.ts'
import { deleteView, saveView, useSavedViews } from '../hooks/use-saved-views.ts'
import { text } from '../texts/text.ts'
import { smallIcon } from './small-icon.tsx'

interface SavedViewsProps<K extends string> {
  readonly state: FilterState<K>
  /** The current filters in words */
  readonly summary: string
}

export function SavedViews<K extends string>({ state, summary }: SavedViewsProps<K>) {
  const path = useLocation({ select: ({ pathname }) => pathname })
  const views = useSavedViews(path)
  const dialog = useDialog()
  const shown = views.find((view) => hasFilters(view, state.filters))
  if (views.length === 0 && state.count === 0) return null
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button leftSection={smallIcon(IconBookmark)}>{text('views.title')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.map((view) => (
            <Menu.Item
              key={view.name}
              leftSection={view === shown ? smallIcon(IconCheck) : undefined}
              onClick={() => state.replace(view.filters as Partial<Record<K, string>>)}
            >
              {view.name}
            </Menu.Item>
          ))}
          {views.length === 0 ? null : <Menu.Divider />}
          {shown === undefined ? (
            <Menu.Item
              leftSection={smallIcon(IconDeviceFloppy)}
              disabled={state.count === 0}
              onClick={dialog.open}
            >
              {text('views.save')}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={smallIcon(IconTrash)} onClick={() => deleteView(shown)}>
              {text('views.delete', { name: shown.name })}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <SaveDialog
        {...dialog.props}
        suggestion={summary}
        save={(name) => saveView({ path, name, filters: { ...state.filters } as SavedView['filters'] })}
      />
    </>
  )
}

interface SaveDialogProps extends DialogProps {
  readonly suggestion: string
  readonly save: (name: string) => void
}

function SaveDialog({ opened, close, ...form }: SaveDialogProps) {
  return (
    <Modal opened={opened} onClose={close} title={text('views.save')}>
      <SaveForm close={close} {...form} />
    </Modal>
  )
}

/** Mounted with the dialog, so that it starts with the current filters. */
function SaveForm({ close, suggestion, save }: Omit<SaveDialogProps, 'opened'>) {
  const [name, setName] = useState(suggestion.slice(0, MAX_VIEW_NAME))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save(name.trim())
        close()
      }}
    >
      <TextInput
        data-autofocus
        required
        pattern=".*\S.*"
        maxLength={MAX_VIEW_NAME}
        label={text('word.name')}
        description={text('views.help')}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <div className="cw-dialog-buttons">
        <Button onClick={close}>{text('form.cancel')}</Button>
        <Button type="submit" variant="filled">
          {text('form.save')}
        </Button>
      </div>
    </form>
  )
}
