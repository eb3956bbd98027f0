// What to block: a user, an app, a connection, or everything.
import { Stack } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'

import { ObjectSelect } from '../object/object-select.tsx'
import type { AnyItem } from '../object/match-object.ts'
import { useChoices } from '../object/use-choices.ts'
import { text } from '../../texts/text.ts'
import { RadioField } from '../fields.tsx'

export type Kind = AnswerTo<'blocks.list'>['items'][number]['kind']
export const KINDS = ['user', 'app', 'connection', 'everything'] as const satisfies readonly Kind[]

export interface Target {
  readonly kind: Kind
  /** Empty for everything */
  readonly id: string
}

/** @returns whether the target exists; incomplete input sends no request */
export function useExists({ kind, id }: Target): boolean {
  const { items } = useChoices(kind === 'everything' ? 'apps' : COLLECTIONS[kind], id)
  return kind === 'everything' || items.some((item: AnyItem) => [item.id, item.username].includes(id))
}

interface TargetFieldProps {
  readonly target: Target
  readonly change: (target: Target) => void
}

export function TargetField({ target, change }: TargetFieldProps) {
  return (
    <Stack gap="md">
      <RadioField
        label={text('respond.kind')}
        choices={KINDS.map((kind) => ({
          value: kind,
          label: text(`respond.kind.${kind}`),
          description: text(`respond.kind.${kind}Help`),
        }))}
        value={target.kind}
        change={(kind) => change({ kind, id: '' })}
      />
      {target.kind === 'everything' ? null : (
        <ObjectSelect
          key={target.kind}
          of={COLLECTIONS[target.kind]}
          label={text(`respond.which.${target.kind}`)}
          value={target.id}
          change={(id) => change({ ...target, id: id ?? '' })}
          required
        />
      )}
    </Stack>
  )
}

const COLLECTIONS = { user: 'users', app: 'apps', connection: 'connections' } as const
