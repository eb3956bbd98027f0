// The fields of a resource app, for creating and editing. User claims are edited on a connection, next to their preview.
import { Button, Fieldset, Stack, TagsInput, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'

import type { ReactNode } from 'react'

import type { ResourceApp } from '../../api/objects.ts'
import { Disclosure } from '../../components/disclosure.tsx'
import { text } from '../../texts/text.ts'
import './apps.css'
import { assignedUsers } from './assigned-users.tsx'
import { BrokeredFields } from './brokered-fields.tsx'
import { ScopeMeaningFields } from './scope-meaning-fields.tsx'
import { withMember } from '../../components/with-member.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import { Fields, type FormField, type FormProps } from '../../components/form-fields.tsx'

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

const FIRST_FIELDS: readonly FormField<Members>[] = [
  { kind: 'text', name: 'name', label: 'word.name', help: 'app.nameHelp', required: true, maxLength: 256 },
  {
    kind: 'url',
    name: 'issuer',
    label: 'target.audience',
    help: 'resourceApp.issuerHelp',
    required: true,
    check: (issuer) => (issuer.length > 1 && issuer.endsWith('/') ? text('resourceApp.slash') : undefined),
  },
  ResourceFields,
  assignedUsers('resourceApp.assignments', 'resourceApp.everyoneHelp'),
]

/** They have defaults that suit most resource apps. */
const ADVANCED_FIELDS: readonly FormField<Members>[] = [
  Meanings,
  { kind: 'tags', name: 'aliases', label: 'target.aliases' },
  {
    kind: 'switch',
    name: 'requireResource',
    label: 'resourceApp.requireResource',
    help: 'resourceApp.resourceRequired',
  },
  { kind: 'text', exact: true, name: 'tenant', label: 'target.tenant', optional: true },
  { kind: 'text', exact: true, name: 'audTenant', label: 'target.audTenant', optional: true },
  Service,
  { kind: 'switch', name: 'active', label: 'chip.active', help: 'resourceApp.activeHelp' },
]

interface ResourceAppFieldsProps<T extends Members> extends FormProps<T> {
  /** The ID, for a new resource app */
  readonly idField?: ReactNode
}

export function ResourceAppFields<T extends Members>({ idField, ...form }: ResourceAppFieldsProps<T>) {
  return (
    <Stack gap="lg" className="cw-form">
      <Fields<Members, T> fields={FIRST_FIELDS} {...form} />
      <Disclosure label={text('form.advanced')} opened={isAdvanced(form.draft)}>
        {idField}
        <Fields<Members, T> fields={ADVANCED_FIELDS} {...form} />
      </Disclosure>
    </Stack>
  )
}

/** @returns what is missing before it can be saved, in words */
export function findMissingResourceApp({ name, issuer, resources }: Members): string | undefined {
  if (name.trim() === '' || issuer === '') return text('resourceApp.needs')
  const unnamed = resources.findIndex(({ id }) => id === '')
  return unnamed === -1 ? undefined : text('resourceApp.needsResource', { n: unnamed + 1 })
}

/** Whether a field below `Advanced` differs from its default. */
function isAdvanced(draft: Members): boolean {
  const { aliases, requireResource, tenant, audTenant, brokered, scopeMeanings, active } = draft
  const hasAdvanced = [tenant, audTenant, brokered, scopeMeanings].some((value) => value !== undefined)
  return aliases.length > 0 || requireResource || hasAdvanced || !active
}

function Meanings({ draft, change }: FormProps<Members>) {
  return (
    <ScopeMeaningFields
      scopes={listScopes(draft)}
      meanings={draft.scopeMeanings}
      change={(scopeMeanings) => change({ ...draft, scopeMeanings })}
    />
  )
}

function Service({ draft, change }: FormProps<Members>) {
  return (
    <BrokeredFields
      brokered={draft.brokered}
      change={(brokered) => change(withMember(draft, 'brokered', brokered))}
    />
  )
}

function listScopes({ resources }: Members): readonly string[] {
  return [...new Set(resources.flatMap(({ scopes }) => scopes))]
}

/** Removing a scope removes its meaning. */
function dropUnknownMeanings({ scopeMeanings, ...draft }: Members): Members {
  if (scopeMeanings === undefined) return draft
  const known = new Set(listScopes(draft))
  const kept = Object.entries(scopeMeanings).filter(([scope]) => known.has(scope))
  return { ...draft, scopeMeanings: Object.fromEntries(kept) }
}

function ResourceFields({ draft, change }: FormProps<Members>) {
  const { resources } = draft
  const put = (next: Members['resources']) => change(dropUnknownMeanings({ ...draft, resources: next }))
  const set = (index: number, next: Partial<Members['resources'][number]>) =>
    put(resources.map((one, at) => (at === index ? { ...one, ...next } : one)))
  return (
    <>
      {resources.map(({ id, scopes }, index) => (
        // Keyed by index, since the URL changes while typing.
        <Fieldset
          variant="unstyled"
          className="cw-fieldset"
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
                onClick={() => put(resources.filter((_, at) => at !== index))}
              >
                {text('resourceApp.removeResource', { n: index + 1 })}
              </Button>
            </div>
          </Stack>
        </Fieldset>
      ))}
      <div>
        <Button leftSection={smallIcon(IconPlus)} onClick={() => put([...resources, { id: '', scopes: [] }])}>
          {text('resourceApp.addResource')}
        </Button>
      </div>
    </>
  )
}
