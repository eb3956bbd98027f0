// The dialog for an act on several objects: asks, shows the progress, and offers to undo exactly what was done.
import { Progress } from '@mantine/core'
import type { ReactNode } from 'react'

import { confirmWithForm } from '../confirm.ts'
import { showDone } from '../toasts.tsx'
import { countText, text, type TextCode } from '../../texts/text.ts'
import { changeEach, type Changed, type EachResult, type Outcome, undoEach } from './change-each.ts'

export interface BulkChange {
  readonly ids: readonly string[]
  /** Receives what is settled, to deselect it */
  readonly done: (ids: readonly string[]) => void
  readonly mayUndo: boolean
}

interface SelectedChange<D extends object, T> extends Pick<BulkChange, 'ids' | 'done'> {
  /** Title and button */
  readonly title: string
  readonly help: readonly string[]
  readonly initial: D
  readonly fields?: (draft: D, set: (change: Partial<D>) => void) => ReactNode
  readonly change: (id: string, reason: string, draft: D) => Promise<Outcome<T>>
  /** undefined if the user may not */
  readonly undo: ((changed: Changed<T>) => Promise<unknown>) | undefined
  /** Shown with the number of the current one and of all */
  readonly progress: TextCode
  /** What the message says of them: the text for one, and for several */
  readonly told: Readonly<Record<'changed' | 'skipped', readonly [one: TextCode, many: TextCode]>>
  /** What else to say of those changed */
  readonly remark?: (changed: readonly Changed<T>[]) => string
}

interface Running {
  /** Number done; undefined before the first */
  readonly before: number | undefined
}

export function changeSelected<D extends object, T>(options: SelectedChange<D, T>): void {
  const { ids, title, help, initial, fields, change, undo, progress, remark, done } = options
  /** Another attempt in the dialog must not count its own changes as those of others. */
  let left = ids
  confirmWithForm<{ readonly fields: D } & Running>({ fields: initial, before: undefined }, (draft, set) => ({
    title,
    confirmLabel: title,
    children: (
      <>
        {help.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {fields?.(draft.fields, (next) => set({ fields: { ...draft.fields, ...next } }))}
        {draft.before === undefined ? null : (
          <ChangeProgress
            label={text(progress, { n: draft.before + 1, all: left.length })}
            part={draft.before / left.length}
          />
        )}
      </>
    ),
    async confirm(reason) {
      const result = await changeEach(
        left,
        (id) => change(id, reason, draft.fields),
        (before) => set({ before }),
      )
      set({ before: undefined })
      const { changed, skipped, deleted, failure } = result
      const message = [describe(result, options.told), remark?.(changed)].filter(Boolean).join(' ')
      const isUndoable = undo !== undefined && changed.length > 0
      if (message !== '')
        showDone({ message, ...(isUndoable ? { undo: () => undoEach(changed, undo) } : {}) })
      const settled = [...changed.map(({ id }) => id), ...skipped, ...deleted]
      left = left.filter((id) => !settled.includes(id))
      done(settled)
      if (failure !== undefined) throw failure.error
    },
  }))
}

function describe<T>(result: EachResult<T>, told: SelectedChange<object, T>['told']): string {
  const kinds = (['changed', 'skipped'] as const).filter((kind) => result[kind].length > 0)
  return kinds.map((kind) => countText(...told[kind], result[kind].length)).join(' ')
}

function ChangeProgress({ label, part }: { readonly label: string; readonly part: number }) {
  return (
    <div role="status">
      <p>{label}</p>
      <Progress value={100 * part} aria-label={label} />
    </div>
  )
}
