// The fields of a resource app, for creating and editing. User claims are edited on a connection, next to their preview.
import { Button, Fieldset, Stack, Switch, TagsInput, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'

import { AssignmentFields } from '../../components/object/assignment-fields.tsx'
import { text } from '../../texts/text.ts'
import './apps.css'
import { BrokeredFields } from './brokered-fields.tsx'
import type { ResourceApp } from './resource-apps-page.tsx'
import { ScopeMeaningFields } from './scope-meaning-fields.tsx'
import { withMember } from '../../components/with-member.ts'
import { smallIcon } from '../../components/small-icon.tsx'

type Members = Pick<
  ResourceApp,
  | 'name'
  | 'issuer'
  | 'aliases'
  | 'resources'
  | 'scopeMeanings'
  | 'requireResource'
  | 'tenant'
  | 'audTenant'
  | 'assignments'
  | 'brokered'
  | 'active'
>

interface FieldsProps<T extends Members> {
  readonly draft: T
  readonly change: (draft: T) => void
}

export function ResourceAppFields<T extends Members>({ draft, change }: FieldsProps<T>) {
  return (
    <Stack gap="lg" className="cw-form">
      <TextInput
        label={text('word.name')}
        description={text('app.nameHelp')}
        required
        maxLength={256}
        value={draft.name}
        onChange={({ currentTarget }) => change({ ...draft, name: currentTarget.value })}
      />
      <TextInput
        type="url"
        label={text('target.audience')}
        description={text('resourceApp.issuerHelp')}
        required
        spellCheck={false}
        value={draft.issuer}
        error={draft.issuer.length > 1 && draft.issuer.endsWith('/') ? text('resourceApp.slash') : undefined}
        onChange={({ currentTarget }) => change({ ...draft, issuer: currentTarget.value.trim() })}
      />
      <TagsInput
        label={text('target.aliases')}
        value={draft.aliases}
        onChange={(aliases) => change({ ...draft, aliases })}
      />
      <ResourceFields draft={draft} change={(next) => change(withoutStrayMeanings(next))} />
      <ScopeMeaningFields
        scopes={listScopes(draft)}
        meanings={draft.scopeMeanings}
        change={(scopeMeanings) => change({ ...draft, scopeMeanings })}
      />
      <Switch
        label={text('resourceApp.requireResource')}
        description={text('resourceApp.resourceRequired')}
        checked={draft.requireResource}
        onChange={({ currentTarget }) => change({ ...draft, requireResource: currentTarget.checked })}
      />
      <TenantField member="tenant" draft={draft} change={change} />
      <TenantField member="audTenant" draft={draft} change={change} />
      <Fieldset variant="unstyled" className="cw-apps-fieldset" legend={text('resourceApp.assignments')}>
        <Stack gap="md">
          <AssignmentFields
            assignments={draft.assignments}
            change={(assignments) => change({ ...draft, assignments })}
            everyoneHelp={text('resourceApp.everyoneHelp')}
          />
        </Stack>
      </Fieldset>
      <BrokeredFields
        brokered={draft.brokered}
        change={(brokered) => change(withMember(draft, 'brokered', brokered))}
      />
      <Switch
        label={text('app.active')}
        description={text('resourceApp.activeHelp')}
        checked={draft.active}
        onChange={({ currentTarget }) => change({ ...draft, active: currentTarget.checked })}
      />
    </Stack>
  )
}

function listScopes({ resources }: Members): readonly string[] {
  return [...new Set(resources.flatMap(({ scopes }) => scopes))]
}

/** Removing a scope removes its meaning. */
function withoutStrayMeanings<T extends Members>({ scopeMeanings, ...draft }: T): T {
  if (scopeMeanings === undefined) return draft as T
  const known = new Set(listScopes(draft as T))
  const kept = Object.entries(scopeMeanings).filter(([scope]) => known.has(scope))
  return { ...draft, scopeMeanings: Object.fromEntries(kept) } as T
}

function ResourceFields<T extends Members>({ draft, change }: FieldsProps<T>) {
  const { resources } = draft
  const set = (index: number, next: Partial<Members['resources'][number]>) =>
    change({ ...draft, resources: resources.map((one, at) => (at === index ? { ...one, ...next } : one)) })
  return (
    <>
      {resources.map(({ id, scopes }, index) => (
        // Keyed by index, since the URL changes while typing.
        <Fieldset
          variant="unstyled"
          className="cw-apps-fieldset"
          key={index}
          legend={text('resourceApp.resourceN', { n: index + 1 })}
        >
          <Stack gap="sm">
            <TextInput
              label={text('resourceApp.resourceId')}
              description={text('resourceApp.resourceIdHelp')}
              spellCheck={false}
              value={id}
              onChange={({ currentTarget }) => set(index, { id: currentTarget.value.trim() })}
            />
            <TagsInput
              label={text('word.scopes')}
              value={scopes}
              onChange={(next) => set(index, { scopes: next })}
            />
            <div>
              <Button
                size="compact-sm"
                leftSection={smallIcon(IconTrash)}
                onClick={() => change({ ...draft, resources: resources.filter((_, at) => at !== index) })}
              >
                {text('resourceApp.removeResource', { n: index + 1 })}
              </Button>
            </div>
          </Stack>
        </Fieldset>
      ))}
      <div>
        <Button
          leftSection={smallIcon(IconPlus)}
          onClick={() => change({ ...draft, resources: [...resources, { id: '', scopes: [] }] })}
        >
          {text('resourceApp.addResource')}
        </Button>
      </div>
    </>
  )
}

function TenantField<T extends Members>({
  member,
  draft,
  change,
}: FieldsProps<T> & { readonly member: 'tenant' | 'audTenant' }) {
  return (
    <TextInput
      label={text(`target.${member}`)}
      spellCheck={false}
      value={draft[member] ?? ''}
      onChange={({ currentTarget }) => change(withMember(draft, member, currentTarget.value))}
    />
  )
}
