// A field for one object, by name or ID. Accepts any input, even if it is not among the suggestions.
import { Autocomplete, Stack } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'

import { text } from '../../texts/text.ts'
import { ThingName } from './names.tsx'
import { useChoices } from './use-choices.ts'
import { smallIcon } from '../small-icon.tsx'

const COLLECTIONS = {
  user: 'users',
  app: 'apps',
  resource_app: 'resource-apps',
  connection: 'connections',
} as const

interface ObjectFieldProps {
  readonly kind: keyof typeof COLLECTIONS
  readonly label: string
  readonly description?: string
  readonly required?: boolean
  readonly value: string
  readonly change: (id: string) => void
}

export function ObjectField({ kind, label, description, required = false, value, change }: ObjectFieldProps) {
  const { items, isWhole } = useChoices(COLLECTIONS[kind], value)
  const found = new Map(items.map((item) => [wordFor(item), item]))
  const fits = (word: string, typed: string) =>
    [word, nameOf(found.get(word))].some((one) => one.toLowerCase().includes(typed.trim().toLowerCase()))
  const chosen = found.get(value.trim())
  // A unique name selects its object when the user leaves the field or presses Enter.
  const resolveName = () => {
    const named = items.filter((item) => nameOf(item).toLowerCase() === value.trim().toLowerCase())
    if (chosen === undefined && named.length === 1 && named[0] !== undefined) change(wordFor(named[0]))
  }
  return (
    <Stack gap={4}>
      <Autocomplete
        label={label}
        placeholder={text('choice.find')}
        rightSection={smallIcon(IconSelector)}
        rightSectionPointerEvents="none"
        description={description}
        data={[...found.keys()]}
        // With many objects, the server has already filtered.
        filter={({ options, search }) =>
          options.filter((option) => 'value' in option && (!isWhole || fits(option.value, search)))
        }
        renderOption={({ option }) => (
          <span>
            <ThingName kind={kind} id={found.get(option.value)?.id ?? option.value} />
          </span>
        )}
        value={value}
        onChange={change}
        onBlur={resolveName}
        onKeyDown={({ key }) => (key === 'Enter' ? resolveName() : undefined)}
        limit={20}
        required={required}
      />
      {chosen === undefined ? null : (
        <p className="cw-quiet-text">
          <ThingName kind={kind} id={chosen.id} />
        </p>
      )}
    </Stack>
  )
}

export interface FieldItem {
  readonly id: string
  readonly username?: string
  readonly name?: string | undefined
}

/** The text to search by; users are searched by username. */
function wordFor({ id, username }: FieldItem): string {
  return username ?? id
}

function nameOf(item: FieldItem | undefined): string {
  return item?.name ?? ''
}
