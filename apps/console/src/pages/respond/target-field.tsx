// What is to be stopped: a person, an app, a connection, or everything.
import { Autocomplete, Radio, Stack } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'

import { useApi } from '../../api/queries.ts'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'

export type Kind = AnswerTo<'blocks.list'>['items'][number]['kind']
export const KINDS = ['user', 'app', 'connection', 'everything'] as const satisfies readonly Kind[]

export interface Target {
  readonly kind: Kind
  /** Empty for everything */
  readonly id: string
}

export function isWhole({ kind, id }: Target): boolean {
  return kind === 'everything' || id.trim() !== ''
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
        <TargetName target={target} change={change} kind={target.kind} />
      )}
    </Stack>
  )
}

function TargetName({
  target,
  change,
  kind,
}: TargetFieldProps & { readonly kind: Exclude<Kind, 'everything'> }) {
  const names = useTargetNames(kind)
  return (
    <Autocomplete
      label={text(`respond.which.${kind}`)}
      data={names}
      value={target.id}
      onChange={(id) => change({ ...target, id })}
      limit={20}
      required
    />
  )
}

function useTargetNames(kind: Exclude<Kind, 'everything'>): string[] {
  const can = useCan()
  const all = { query: { limit: 200 } } as const
  const users = useApi('users.list', all, { enabled: kind === 'user' && can('users.list') })
  const apps = useApi('apps.list', all, { enabled: kind === 'app' && can('apps.list') })
  const connections = useApi('connections.list', all, {
    enabled: kind === 'connection' && can('connections.list'),
  })
  switch (kind) {
    case 'user':
      return users.data?.body.items.map(({ username }) => username) ?? []
    case 'app':
      return apps.data?.body.items.map(({ id }) => id) ?? []
    case 'connection':
      return connections.data?.body.items.map(({ id }) => id) ?? []
  }
}
