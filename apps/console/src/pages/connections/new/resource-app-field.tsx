// Selects the resource app: a registered one (searched on the server if there are many), or another.
import { Radio, Stack, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'

import type { ResourceApp } from '../../../api/objects.ts'
import { useApi } from '../../../api/queries.ts'
import { useChoices } from '../../../components/object/use-choices.ts'
import { ErrorState } from '../../../components/states.tsx'
import { text } from '../../../texts/text.ts'
import { smallIcon } from '../../../components/small-icon.tsx'

/** Value for an unregistered resource app. */
export const OTHER_APP = '/another'

const MAX_SHOWN = 12

interface ResourceAppFieldProps {
  /** Id of the resource app, or `OTHER_APP` */
  readonly value: string
  readonly change: (value: string) => void
}

export function ResourceAppField({ value, change }: ResourceAppFieldProps) {
  const [typed, setTyped] = useState('')
  const { items, isComplete, error, retry } = useChoices('resource-apps', typed)
  const chosen = useChosen(value, items)
  // Otherwise an existing resource app would seem unregistered.
  if (error !== null) return <ErrorState error={error} retry={retry} />
  const many = !isComplete || items.length > MAX_SHOWN
  const fitting = isComplete ? items.filter((item) => fits(item, typed)) : items
  const shown = fitting.slice(0, MAX_SHOWN)
  const left = chosen === undefined || shown.some(({ id }) => id === chosen.id) ? [] : [chosen]
  return (
    <Radio.Group
      label={text('word.resourceApp')}
      description={text('new.resourceAppHelp')}
      value={value}
      onChange={change}
    >
      {many ? (
        <TextInput
          mt={8}
          label={text('choice.find')}
          leftSection={smallIcon(IconSearch)}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      ) : null}
      <Stack gap={6} mt={8}>
        {[...left, ...shown].map(({ id, name, issuer }) => (
          <Radio key={id} value={id} label={name} description={issuer} />
        ))}
        {shown.length === 0 && typed !== '' ? <p role="status">{text('choice.nothing')}</p> : null}
        {fitting.length > MAX_SHOWN ? <p className="cw-quiet-text">{text('choice.more')}</p> : null}
        <Radio value={OTHER_APP} label={text('new.another')} />
      </Stack>
    </Radio.Group>
  )
}

function fits({ id, name, issuer }: ResourceApp, typed: string): boolean {
  const wanted = typed.trim().toLowerCase()
  return [id, name, issuer].some((one) => one.toLowerCase().includes(wanted))
}

/** Keeps the selected resource app visible during another search. */
function useChosen(id: string, known: readonly ResourceApp[]): ResourceApp | undefined {
  const here = known.find((one) => one.id === id)
  const { data } = useApi(
    'resource-apps.read',
    { params: { id } },
    { enabled: id !== '' && id !== OTHER_APP && here === undefined },
  )
  return here ?? (id === OTHER_APP ? undefined : data?.body)
}
