// What is to be stopped: a person, an app, a connection, or everything.
import { Autocomplete, Radio, Stack } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'

import { ThingName } from '../../components/object/names.tsx'
import { useChoices } from '../../components/object/use-choices.ts'
import { text } from '../../texts/text.ts'

export type Kind = AnswerTo<'blocks.list'>['items'][number]['kind']
export const KINDS = ['user', 'app', 'connection', 'everything'] as const satisfies readonly Kind[]

export interface Target {
  readonly kind: Kind
  /** Empty for everything */
  readonly id: string
}

/** @returns whether the server knows the target: what is half typed is not worth a request */
export function useExists({ kind, id }: Target): boolean {
  const { items } = useChoices(kind === 'everything' ? 'apps' : COLLECTIONS[kind], id)
  const typed = id.trim()
  return kind === 'everything' || items.some((item: Item) => [item.id, item.username].includes(typed))
}

interface TargetFieldProps {
  readonly target: Target
  readonly change: (target: Target) => void
}

export function TargetField({ target, change }: TargetFieldProps) {
  return (
    <Stack gap="md">
      <Radio.Group
        label={text('respond.kind')}
        value={target.kind}
        onChange={(kind) => change({ kind: kind as Kind, id: '' })}
      >
        <Stack gap={8} mt={8}>
          {KINDS.map((kind) => (
            <Radio
              key={kind}
              value={kind}
              label={text(`respond.kind.${kind}`)}
              description={text(`respond.kind.${kind}Help`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {target.kind === 'everything' ? null : (
        <TargetName
          kind={target.kind}
          label={text(`respond.which.${target.kind}`)}
          value={target.id}
          change={(id) => change({ ...target, id })}
          required
        />
      )}
    </Stack>
  )
}

const COLLECTIONS = { user: 'users', app: 'apps', connection: 'connections' } as const

interface TargetNameProps {
  readonly kind: keyof typeof COLLECTIONS
  readonly label: string
  readonly description?: string
  readonly required?: boolean
  readonly value: string
  readonly change: (id: string) => void
}

/** Found by name as well; what is typed is taken as it stands, though it be not among what is found. */
export function TargetName({ kind, label, description, required = false, value, change }: TargetNameProps) {
  const { items, isWhole } = useChoices(COLLECTIONS[kind], value)
  const found = new Map(items.map((item) => [wordFor(item), item]))
  const fits = (word: string, typed: string) =>
    [word, nameOf(found.get(word))].some((one) => one.toLowerCase().includes(typed.trim().toLowerCase()))
  const chosen = found.get(value.trim())
  return (
    <Stack gap={4}>
      <Autocomplete
        label={label}
        description={description}
        data={[...found.keys()]}
        // Where there are many, the server has looked already.
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

interface Item {
  readonly id: string
  readonly username?: string
  readonly name?: string | undefined
}

/** What is typed for it: people are known by their user names. */
function wordFor({ id, username }: Item): string {
  return username ?? id
}

function nameOf(item: Item | undefined): string {
  return item?.name ?? ''
}
