// The fields of a connection, for creating and editing. Scopes and resources come from the resource app; none is preselected.
import { NativeSelect, NumberInput, Stack, Switch, TagsInput, TextInput } from '@mantine/core'

import { useApi } from '../../api/queries.ts'
import { AssignmentFields } from '../../components/object/assignment-fields.tsx'
import { text } from '../../texts/text.ts'
import type { Connection } from '../../components/object/connection-state.ts'
import { DelegationFields } from './delegation-fields.tsx'
import { zoneName } from '../../components/local-moment.ts'
import { withMember } from '../../components/with-member.ts'
import { choicesOf } from '../../components/choices.ts'
import { CheckboxList, MomentField } from '../../components/fields.tsx'
import { nameOfState } from '../../components/chips.tsx'

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
        <CheckboxList
          label={text('edit.resources')}
          choices={resources.map(({ id }) => id)}
          value={draft.resources}
          change={(chosen) => {
            // Drop scopes of removed resources, which would stay invisible.
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
        <CheckboxList
          label={text('edit.scopes')}
          description={text('edit.noneChosen')}
          choices={scopesOf(draft.resources)}
          value={draft.scopes}
          change={(scopes) => change(withScopes(draft, scopes))}
          empty={text(draft.resources.length === 0 ? 'edit.pickResource' : 'edit.noScopes')}
        />
      )}
      {types.length === 0 ? null : (
        <CheckboxList
          label={text('edit.detailsTypes')}
          choices={types.map((one) => (typeof one === 'string' ? one : one.type))}
          value={draft.authorizationDetailsTypes}
          change={(chosen) => change({ ...draft, authorizationDetailsTypes: chosen })}
        />
      )}
    </>
  )
}

/** Removing a scope also ends its delegation. */
function withScopes(draft: Draft, scopes: string[]): Draft {
  const { delegation } = draft
  if (delegation === undefined) return { ...draft, scopes }
  const kept = Object.entries(delegation.scopes).filter(([scope]) => scopes.includes(scope))
  return { ...draft, scopes, delegation: { ...delegation, scopes: Object.fromEntries(kept) } }
}

interface TypedScopesProps {
  readonly scopes: string[]
  readonly change: (scopes: string[]) => void
}

/** For a resource app without listed scopes. */
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
      data={choicesOf(['user', 'workload'], (subject) => text(`subject.${subject}`))}
      value={draft.subject ?? 'user'}
      onChange={({ currentTarget: { value } }) =>
        change(withMember(draft, 'subject', value === 'workload' ? value : undefined))
      }
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
      onChange={({ currentTarget: { value } }) => change(withMember(draft, 'clientId', value))}
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
        onChange={({ currentTarget }) => set(withMember(conditions, 'window', currentTarget.value))}
      />
      <NumberInput
        label={text('edit.maxAgeHours')}
        min={0}
        value={conditions.maxAuthAgeSeconds === undefined ? '' : conditions.maxAuthAgeSeconds / HOUR_SECONDS}
        onChange={(hours) => {
          const seconds = Math.round(Number(hours) * HOUR_SECONDS)
          set(withMember(conditions, 'maxAuthAgeSeconds', seconds < 1 ? undefined : seconds))
        }}
      />
      <TagsInput
        label={text('edit.acr')}
        description={text('edit.acrHelp')}
        data={['mfa', 'pwd']}
        value={conditions.acr ?? []}
        onChange={(acr) => set(withMember(conditions, 'acr', acr))}
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
        <MomentField
          key={member}
          label={text(`edit.${member}`)}
          value={draft[member]}
          change={(moment) => change(withMember(draft, member, moment))}
        />
      ))}
    </>
  )
}

export function StatusField({ draft, change }: FieldsProps) {
  return (
    <NativeSelect
      label={text('edit.status')}
      data={choicesOf(['draft', 'active', 'report-only', 'suspended'], nameOfState)}
      value={draft.status}
      onChange={({ currentTarget }) => change({ ...draft, status: currentTarget.value as Draft['status'] })}
    />
  )
}
