// Search for pages, connections, apps, users, decision ids and the actions of the page. Everything it offers is also available through a visible
// control.
import { Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react'

import { countText, text } from '../texts/text.ts'
import { type PaletteResult, usePaletteResults } from './palette-results.ts'
import type { DialogProps } from '../hooks/use-dialog.ts'

export function Palette({ opened, close }: DialogProps) {
  const before = useRef<HTMLElement | undefined>(undefined)
  function returnFocus(): void {
    before.current?.focus()
    before.current = undefined
  }
  useEffect(() => {
    if (!opened) returnFocus()
  }, [opened])
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={text('palette.title')}
      size="lg"
      yOffset="8vh"
      returnFocus={false}
    >
      <PaletteBody
        before={before}
        close={() => {
          // At once, for a dialog that the chosen action opens: it returns the focus there, too.
          returnFocus()
          close()
        }}
      />
    </Modal>
  )
}

interface PaletteBodyProps {
  /** Receives the element that had the focus */
  readonly before: RefObject<HTMLElement | undefined>
  readonly close: () => void
}

function PaletteBody({ before, close }: PaletteBodyProps) {
  const [query, setQuery] = useState('')
  const [debounced] = useDebouncedValue(query.trim(), 120)
  const { findings, incomplete, searching } = usePaletteResults(query.trim(), debounced)
  const [active, setActive] = useState(0)
  const navigate = useNavigate()
  const listId = useId()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => setActive(0), [query])
  // Focus before the dialog would, so that no letter typed right after the shortcut is lost. Hence the dialog cannot remember where it was.
  useEffect(() => {
    if (document.activeElement instanceof HTMLElement) before.current = document.activeElement
    field.current?.focus()
  }, [before])
  const choose = (finding: PaletteResult | undefined) => {
    if (finding === undefined) return
    close()
    if ('run' in finding) finding.run()
    else void navigate({ to: finding.to })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setActive((at) => (at + step + findings.length) % Math.max(1, findings.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      choose(findings[active])
    }
  }
  return (
    <>
      <label className="cw-palette-field">
        <IconSearch size={18} aria-hidden="true" />
        <span className="cw-hidden">{text('palette.placeholder')}</span>
        <input
          ref={field}
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={findings.length === 0 ? undefined : `${listId}-${active}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={text('palette.placeholder')}
          value={query}
          onChange={({ currentTarget }) => setQuery(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <div className="cw-hidden" role="status">
        {searching ? '' : countText('palette.result', 'palette.results', findings.length)}
      </div>
      {incomplete ? <p role="alert">{text('palette.incomplete')}</p> : null}
      {findings.length === 0 && !incomplete ? (
        <p>{text(searching ? 'palette.searching' : 'palette.nothing')}</p>
      ) : null}
      <ul id={listId} role="listbox" aria-label={text('palette.title')} className="cw-palette-list">
        {findings.map((finding, index) => (
          <Option
            key={finding.key}
            id={`${listId}-${index}`}
            finding={finding}
            active={index === active}
            choose={() => choose(finding)}
            hover={() => setActive(index)}
          />
        ))}
      </ul>
    </>
  )
}

interface OptionProps {
  readonly id: string
  readonly finding: PaletteResult
  readonly active: boolean
  readonly choose: () => void
  readonly hover: () => void
}

function Option({ id, finding, active, choose, hover }: OptionProps) {
  useEffect(() => {
    if (active) document.getElementById(id)?.scrollIntoView({ block: 'nearest' })
  }, [active, id])
  return (
    // The input keeps the focus; the list follows its keys.
    <li
      id={id}
      role="option"
      aria-selected={active}
      className="cw-palette-option"
      onClick={choose}
      onMouseMove={hover}
    >
      <span>{finding.label}</span>
      <span className="cw-quiet-text">{finding.group}</span>
    </li>
  )
}
