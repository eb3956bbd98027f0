// The fields of a connection, for creating and editing. Scopes and resources come from the resource app; none is preselected.
import { NativeSelect, Stack, Switch, TagsInput } from '@mantine/core'

import type { Connection } from '../../api/objects.ts'
import { useApi } from '../../api/queries.ts'
import { AssignmentFields } from '../../components/object/assignment-fields.tsx'
import { text } from '../../texts/text.ts'
import { DelegationFields } from './delegation-fields.tsx'
import { zoneName } from '../../components/local-moment.ts'
import { withMember } from '../../components/with-member.ts'
import { choicesOf } from '../../components/choices.ts'
import { CheckboxList } from '../../components/fields.tsx'
import { nameOfState } from '../../components/chips.tsx'
import { Fields, type FormField, type FormProps } from '../../components/form-fields.tsx'

export type Draft = Omit<Connection, 'owner' | 'revision' | 'updatedAt' | 'updatedBy' | 'state'>

type FieldsProps = FormProps<Draft>

export function ConnectionFields(props: FieldsProps) {
  return (
    <Stack gap="lg" className="cw-form">
      <ScopeFields {...props} />
      <SubjectField {...props} />
      {props.draft.subject === 'workload' ? null : <AssignedUsersFields {...props} />}
      <ClientIdField {...props} />
      <ConditionFields {...props} />
      <DelegationFields {...props} />
      <Fields fields={ACTORS} {...props} />
      <PeriodFields {...props} />
      <Fields fields={STATUS} {...props} />
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
          label={text('resourceApps.resources')}
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
          label={text('word.scopes')}
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
      label={text('word.scopes')}
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
  return <Fields fields={CLIENT_ID} draft={draft} change={change} />
}

const CLIENT_ID: readonly FormField<Draft>[] = [
  {
    kind: 'text',
    exact: true,
    name: 'clientId',
    label: 'granted.clientId',
    help: 'edit.clientIdHelp',
    optional: true,
  },
]

type Conditions = Draft['conditions']

const CONDITIONS: readonly FormField<Conditions>[] = [
  {
    kind: 'text',
    exact: true,
    name: 'window',
    label: 'conditions.window',
    help: 'edit.windowHelp',
    placeholder: `Mon-Fri 07:00-20:00 ${zoneName()}`,
    optional: true,
  },
  { kind: 'number', name: 'maxAuthAgeSeconds', label: 'edit.maxAgeHours', unit: 3600, optional: true },
  {
    kind: 'tags',
    name: 'acr',
    label: 'conditions.acr',
    help: 'edit.acrHelp',
    suggestions: ['mfa', 'pwd'],
    optional: true,
  },
  DpopField,
]

function DpopField({ draft, change }: FormProps<Conditions>) {
  return (
    <Switch
      label={text('edit.dpop')}
      checked={draft.dpop === 'required'}
      onChange={({ currentTarget: { checked } }) =>
        change({ ...draft, dpop: checked ? 'required' : 'optional' })
      }
    />
  )
}

export function ConditionFields({ draft, change }: FieldsProps) {
  return (
    <Fields
      fields={CONDITIONS}
      draft={draft.conditions}
      change={(conditions) => change({ ...draft, conditions })}
    />
  )
}

const ACTORS: readonly FormField<Draft>[] = [
  {
    kind: 'objects',
    of: 'apps',
    name: 'actors',
    label: 'edit.actors',
    help: 'edit.actorsHelp',
    optional: true,
  },
]

const PERIOD: readonly FormField<Draft>[] = [
  { kind: 'moment', name: 'notBefore', label: 'conditions.notBefore', optional: true },
  { kind: 'moment', name: 'expiresAt', label: 'word.expires', optional: true },
]

export function PeriodFields({ draft, change }: FieldsProps) {
  return <Fields fields={PERIOD} draft={draft} change={change} />
}

const STATUS: readonly FormField<Draft>[] = [
  {
    kind: 'choice',
    name: 'status',
    label: 'conditions.status',
    choices: choicesOf(['draft', 'active', 'report-only', 'suspended'], nameOfState),
  },
]
