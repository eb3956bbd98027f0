// The fields of a connection, for editing and for a new one. Scopes and resources are chosen from what the resource app
// knows; nothing is preselected.
import { Checkbox, NativeSelect, NumberInput, Stack, Switch, TagsInput, TextInput } from '@mantine/core'

import { useApi } from '../../api/queries.ts'
import { AssignmentFields } from '../../components/object/assignment-fields.tsx'
import { text } from '../../texts/text.ts'
import type { Connection } from '../../components/object/connection-state.ts'
import { DelegationFields } from './delegation-fields.tsx'
import { fromLocalInput, toLocalInput, zoneName } from '../../components/local-moment.ts'

export type Draft = Omit<Connection, 'owner' | 'revision' | 'updatedAt' | 'updatedBy' | 'state'>

interface FieldsProps {
  readonly draft: Draft
  readonly change: (draft: Draft) => void
}

export function ConnectionFields(props: FieldsProps) {
  return (
    <Stack gap="lg" className="cw-form">
      <ScopeFields {...props} />
      <SubjectField {...props} />
      {props.draft.subject === 'workload' ? null : <AssignedUsersFields {...props} />}
      <ClientIdField {...props} />
      <ConditionFields {...props} />
      <DelegationFields {...props} />
      <PeriodFields {...props} />
      <StatusField {...props} />
    </Stack>
  )
}

export function ScopeFields({ draft, change }: FieldsProps) {
  const { data } = useApi('resource-apps.read', { params: { id: draft.resourceApp } })
  const { resources = [], authorizationDetailsTypes: types = [] } = data?.body ?? {}
  const scopesOf = (chosen: readonly string[]) => [
    ...new Set(resources.filter(({ id }) => chosen.includes(id)).flatMap(({ scopes }) => scopes)),
  ]
  const listsNone = data !== undefined && resources.length === 0
  return (
    <>
      {resources.length === 0 ? null : (
        <Choices
          label={text('edit.resources')}
          all={resources.map(({ id }) => id)}
          chosen={draft.resources}
          choose={(chosen) => {
            // A scope whose resource is no longer reached would be kept without being shown.
            const reached = scopesOf(chosen)
            change({
              ...withScopes(
                draft,
                draft.scopes.filter((scope) => reached.includes(scope)),
              ),
              resources: chosen,
            })
          }}
        />
      )}
      {listsNone ? (
        <TypedScopes scopes={draft.scopes} change={(scopes) => change(withScopes(draft, scopes))} />
      ) : (
        <Choices
          label={text('edit.scopes')}
          description={text('edit.noneChosen')}
          all={scopesOf(draft.resources)}
          chosen={draft.scopes}
          choose={(scopes) => change(withScopes(draft, scopes))}
          empty={text(draft.resources.length === 0 ? 'edit.pickResource' : 'edit.noScopes')}
        />
      )}
      {types.length === 0 ? null : (
        <Choices
          label={text('edit.detailsTypes')}
          all={types.map((one) => (typeof one === 'string' ? one : one.type))}
          chosen={draft.authorizationDetailsTypes}
          choose={(chosen) => change({ ...draft, authorizationDetailsTypes: chosen })}
        />
      )}
    </>
  )
}

/** A scope that goes is delegated no more. */
function withScopes(draft: Draft, scopes: string[]): Draft {
  const { delegation } = draft
  if (delegation === undefined) return { ...draft, scopes }
  const kept = Object.entries(delegation.scopes).filter(([scope]) => scopes.includes(scope))
  return { ...draft, scopes, delegation: { ...delegation, scopes: Object.fromEntries(kept) } }
}

interface ChoicesProps {
  readonly label: string
  readonly description?: string
  readonly all: readonly string[]
  readonly chosen: string[]
  readonly choose: (chosen: string[]) => void
  /** Shown where there is nothing to choose from */
  readonly empty?: string
}

function Choices({ label, description, all, chosen, choose, empty }: ChoicesProps) {
  return (
    <Checkbox.Group label={label} description={description} value={chosen} onChange={choose}>
      <Stack gap={6} mt={6}>
        {all.length === 0 ? <p className="cw-quiet-text">{empty}</p> : null}
        {all.map((one) => (
          <Checkbox key={one} value={one} label={one} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}

interface TypedScopesProps {
  readonly scopes: string[]
  readonly change: (scopes: string[]) => void
}

/** For a resource app that lists no scopes to choose from. */
export function TypedScopes({ scopes, change }: TypedScopesProps) {
  return (
    <TagsInput
      label={text('edit.scopes')}
      description={text('edit.scopesTyped')}
      value={scopes}
      onChange={change}
    />
  )
}

function SubjectField({ draft, change }: FieldsProps) {
  return (
    <NativeSelect
      label={text('edit.subject')}
      description={text('edit.subjectHelp')}
      data={(['user', 'workload'] as const).map((value) => ({ value, label: text(`subject.${value}`) }))}
      value={draft.subject ?? 'user'}
      onChange={({ currentTarget: { value } }) => {
        const { subject: _, ...rest } = draft
        change(value === 'workload' ? { ...rest, subject: value } : rest)
      }}
    />
  )
}

export function AssignedUsersFields({ draft, change }: FieldsProps) {
  return (
    <AssignmentFields
      assignments={draft.assignments}
      change={(assignments) => change({ ...draft, assignments })}
      everyoneHelp={text('assignments.everyoneHelp')}
    />
  )
}

export function ClientIdField({ draft, change }: FieldsProps) {
  return (
    <TextInput
      label={text('edit.clientId')}
      description={text('edit.clientIdHelp')}
      value={draft.clientId ?? ''}
      spellCheck={false}
      autoComplete="off"
      onChange={({ currentTarget: { value } }) => change(withOptional(draft, 'clientId', value))}
    />
  )
}

const HOUR_SECONDS = 3600

export function ConditionFields({ draft, change }: FieldsProps) {
  const { conditions } = draft
  const set = (next: Draft['conditions']) => change({ ...draft, conditions: next })
  return (
    <>
      <TextInput
        label={text('edit.window')}
        description={text('edit.windowHelp')}
        placeholder={`Mon-Fri 07:00-20:00 ${zoneName()}`}
        value={conditions.window ?? ''}
        spellCheck={false}
        autoComplete="off"
        onChange={({ currentTarget: { value } }) => {
          const { window: _, ...rest } = conditions
          set(value === '' ? rest : { ...rest, window: value })
        }}
      />
      <NumberInput
        label={text('edit.maxAgeHours')}
        min={0}
        value={conditions.maxAuthAgeSeconds === undefined ? '' : conditions.maxAuthAgeSeconds / HOUR_SECONDS}
        onChange={(hours) => {
          const { maxAuthAgeSeconds: _, ...rest } = conditions
          const seconds = Math.round(Number(hours) * HOUR_SECONDS)
          set(hours === '' || seconds < 1 ? rest : { ...rest, maxAuthAgeSeconds: seconds })
        }}
      />
      <TagsInput
        label={text('edit.acr')}
        description={text('edit.acrHelp')}
        data={['mfa', 'pwd']}
        value={conditions.acr ?? []}
        onChange={(acr) => {
          const { acr: _, ...rest } = conditions
          set(acr.length === 0 ? rest : { ...rest, acr })
        }}
      />
      <Switch
        label={text('edit.dpop')}
        checked={conditions.dpop === 'required'}
        onChange={({ currentTarget }) =>
          set({ ...conditions, dpop: currentTarget.checked ? 'required' : 'optional' })
        }
      />
    </>
  )
}

export function PeriodFields({ draft, change }: FieldsProps) {
  return (
    <>
      {(['notBefore', 'expiresAt'] as const).map((member) => (
        <TextInput
          key={member}
          type="datetime-local"
          label={text(`edit.${member}`)}
          description={text('edit.zone', { zone: zoneName() })}
          value={toLocalInput(draft[member])}
          onChange={({ currentTarget: { value } }) =>
            change(withOptional(draft, member, fromLocalInput(value)))
          }
        />
      ))}
    </>
  )
}

export function StatusField({ draft, change }: FieldsProps) {
  return (
    <NativeSelect
      label={text('edit.status')}
      data={(['draft', 'active', 'report-only', 'suspended'] as const).map((value) => ({
        value,
        label: text(`chip.${value}`),
      }))}
      value={draft.status}
      onChange={({ currentTarget }) => change({ ...draft, status: currentTarget.value as Draft['status'] })}
    />
  )
}

function withOptional(draft: Draft, member: 'clientId' | 'notBefore' | 'expiresAt', value: string): Draft {
  const { [member]: _, ...rest } = draft
  return value === '' ? rest : { ...rest, [member]: value }
}
