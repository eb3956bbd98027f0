// A combobox for one object, shown by name and stored by ID (ARIA combobox with list autocomplete). With many objects,
// the server searches. Typed text stays until it names an object, even if the options arrive later.
import { Combobox, InputBase, TextInput, useCombobox } from '@mantine/core'
import { useId } from '@mantine/hooks'
import { type KeyboardEvent, type Ref, useEffect, useState } from 'react'

import { useCan } from '../../session/session.tsx'
import { useNames } from '../../session/names.ts'
import { countText, text } from '../../texts/text.ts'
import { filterNamed, findExactMatch, findByName, type Named } from './match-object.ts'
import { OptionText } from './option-text.tsx'
import { nameById, type Selectable, useChoices, useNamed } from './use-choices.ts'

interface ObjectSelectProps {
  readonly of: Selectable
  readonly value: string | undefined
  /** While typing: the ID as soon as the text names an object, undefined as soon as it does not */
  readonly change: (id: string | undefined) => void
  readonly label: string
  readonly description?: string | undefined
  /** Accepts IDs of objects that are not registered, such as the URL of an app that describes itself */
  readonly allowOther?: boolean
  readonly required?: boolean
  readonly placeholder?: string
  readonly size?: 'sm'
  readonly className?: string
  /** Focused when its dialog opens */
  readonly 'data-autofocus'?: boolean
  readonly ref?: Ref<HTMLInputElement>
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void
}

/** A role that may not see the list enters an ID. */
export function ObjectSelect({ allowOther = false, ...props }: ObjectSelectProps) {
  const canList = useCan()(`${props.of}.list`)
  if (canList) return <ObjectCombobox {...props} allowOther={allowOther} />
  const { of: _, value = '', change, ...field } = props
  return (
    <TextInput
      {...field}
      value={value}
      spellCheck={false}
      onChange={({ currentTarget }) => change(currentTarget.value.trim() || undefined)}
    />
  )
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

type ComboboxProps = ObjectSelectProps & { readonly allowOther: boolean }

function ObjectCombobox({ of, value, change, allowOther, onKeyDown, ...field }: ComboboxProps) {
  const { typed, type, leave, select, shownText, options, isUnknown } = useTyped({
    of,
    value,
    change,
    allowOther,
  })
  const [opened, setOpened] = useState(false)
  const [moved, setMoved] = useState<number | undefined>(undefined)
  // The first match of what was typed; without typing, no option until the user moves.
  const active = moved ?? (typed && options.isReady && !isUnknown ? 0 : -1)
  const activeOption = options.shown[active]
  const listId = useId()
  const combobox = useCombobox({ opened, onOpenedChange: setOpened })

  function finish(act: () => void): void {
    setOpened(false)
    setMoved(undefined)
    act()
  }
  function press(event: KeyboardEvent<HTMLInputElement>): void {
    onKeyDown?.(event)
    if (event.nativeEvent.isComposing) return
    const step = STEPS[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setOpened(true)
      setMoved(moveWithin(options.shown.length, opened ? active : -1, step))
    } else if (event.key === 'Escape') setOpened(false)
    else if (event.key === 'Enter') {
      const choice = opened ? activeOption : undefined
      if (choice === undefined && typed === undefined) return
      event.preventDefault()
      finish(choice === undefined ? leave : () => select(choice))
    }
  }
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => finish(() => select(options.shown.find(({ item }) => item.id === id)))}
    >
      <Combobox.Target
        withExpandedAttribute
        withKeyboardNavigation={false}
        aria-autocomplete="list"
        aria-activedescendant={
          opened && activeOption !== undefined ? optionId(listId, activeOption) : undefined
        }
      >
        <InputBase
          placeholder={text('choice.find')}
          {...field}
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          error={isUnknown ? text('choice.unknown') : undefined}
          spellCheck={false}
          value={shownText}
          onChange={({ currentTarget }) => {
            setOpened(true)
            setMoved(undefined)
            type(currentTarget.value)
          }}
          onClick={() => setOpened(true)}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onBlur={() => finish(leave)}
          onKeyDown={press}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={field.label} className="cw-choice-list">
          {options.shown.map((option) => (
            <ObjectOption
              key={option.item.id}
              {...option}
              id={optionId(listId, option)}
              isActive={option === activeOption}
              isChosen={option.item.id === value}
            />
          ))}
        </Combobox.Options>
        {/* Read out by screen readers; shown if there is nothing else. */}
        <p className={options.shown.length === 0 ? 'cw-choice-note' : 'cw-hidden'} role="status">
          {opened ? options.summary : ''}
        </p>
        {options.hasMore ? <p className="cw-choice-note">{text('choice.more')}</p> : null}
      </Combobox.Dropdown>
    </Combobox>
  )
}

function moveWithin(count: number, from: number, step: number): number | undefined {
  if (count === 0) return undefined
  if (from === -1) return step === 1 ? 0 : count - 1
  return (from + step + count) % count
}

function optionId(listId: string, { item }: Named): string {
  return `${listId}-${item.id}`
}

interface OptionProps extends Named {
  readonly id: string
  readonly isActive: boolean
  readonly isChosen: boolean
}

function ObjectOption({ id, item, label, isActive, isChosen }: OptionProps) {
  useEffect(() => {
    if (isActive) document.getElementById(id)?.scrollIntoView({ block: 'nearest' })
  }, [id, isActive])
  return (
    <Combobox.Option id={id} value={item.id} selected={isActive} active={isChosen} aria-selected={isActive}>
      <OptionText item={item} label={label} />
    </Combobox.Option>
  )
}

type TypedProps = Pick<ComboboxProps, 'of' | 'value' | 'change' | 'allowOther'>

/** What the user typed, until it names an object. */
function useTyped({ of, value = '', change, allowOther }: TypedProps) {
  /** Undefined while the field shows the chosen object */
  const [typed, setTyped] = useState<string | undefined>(undefined)
  /** The user left the field or pressed Enter */
  const [isFinal, setFinal] = useState(false)
  const [picked, setPicked] = useState<Named | undefined>(undefined)
  const options = useOptions(of, typed ?? '')
  const names = useNames()
  function set(id: string): void {
    if (id !== value) change(id === '' ? undefined : id)
  }
  function select(option: Named | undefined): void {
    if (option === undefined) return
    setPicked(option)
    setTyped(undefined)
    set(option.item.id)
  }
  function type(next: string): void {
    setTyped(next)
    setFinal(false)
    set(findByName(options.objects, next)?.item.id ?? (allowOther ? next.trim() : ''))
  }
  const wanted = typed?.trim() ?? ''
  const named = findByName(options.objects, wanted)
  const meant = allowOther ? named : findExactMatch(options.objects, wanted)
  // Runs again when options arrive, so that wanted typed before them is not lost.
  useEffect(() => {
    if (typed === undefined || !options.isReady) return
    if (isFinal && meant !== undefined) select(meant)
    else if (isFinal && (allowOther || wanted === '')) setTyped(undefined)
    else if (named !== undefined) set(named.item.id)
  })
  const chosen = options.objects.find(({ item }) => item.id === value || item.username === value)
  const known = picked?.item.id === value ? picked : chosen
  return {
    typed,
    type,
    select,
    leave: () => setFinal(true),
    shownText: typed ?? known?.label ?? (value === '' ? '' : nameById(names, of, value)),
    options,
    isUnknown: wanted !== '' && meant === undefined && isFinal && options.isReady && !allowOther,
  }
}

const MAX_SHOWN = 50

function useOptions(of: Selectable, typed: string) {
  const { items, isComplete, isReady, error } = useChoices(of, typed)
  const all = useNamed(items)
  const objects = isComplete ? filterNamed(all, typed) : all
  const shown = objects.slice(0, MAX_SHOWN)
  return {
    objects,
    shown,
    isReady,
    hasMore: objects.length > shown.length || (!isComplete && shown.length === MAX_SHOWN),
    summary: describeOptions(shown.length, { isReady, error }),
  }
}

function describeOptions(
  count: number,
  { isReady, error }: { readonly isReady: boolean; readonly error: Error | null },
): string {
  if (error !== null) return text('choice.unreachable')
  if (!isReady) return text('state.loading')
  return count === 0 ? text('choice.nothing') : countText('choice.one', 'choice.many', count)
}
