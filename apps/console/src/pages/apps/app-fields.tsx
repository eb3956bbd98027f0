// The fields of a requesting app, for creating and editing. Authentication is edited separately.
import { Stack, Switch } from '@mantine/core'

import type { ReactNode } from 'react'

import { isRedirectUri } from '@crosswalk/protocol'

import type { App } from '../../api/objects.ts'
import { Disclosure } from '../../components/disclosure.tsx'
import { Fields, type FormField, type FormProps } from '../../components/form-fields.tsx'
import { withMember } from '../../components/with-member.ts'
import { text } from '../../texts/text.ts'
import { APP_KINDS } from './app-kinds.ts'
import './apps.css'
import { assignedUsers } from './assigned-users.tsx'

type AppMembers = Pick<
  App,
  | 'name'
  | 'kind'
  | 'purpose'
  | 'redirectUris'
  | 'postLogoutRedirectUris'
  | 'backchannelLogoutUri'
  | 'maxSubjectTokenAgeSeconds'
  | 'idTokenSigningAlg'
  | 'idTokenTtlSeconds'
  | 'serviceOf'
  | 'pkce'
  | 'owners'
  | 'assignments'
  | 'active'
>

const KINDS = APP_KINDS.map((kind) => ({
  value: kind,
  label: text(`app.kind.${kind}`),
  description: text(`app.kindHelp.${kind}`),
}))

const ALGORITHMS = [
  { value: '', label: text('app.idpDefault') },
  { value: 'RS256', label: 'RS256' },
  { value: 'ES256', label: 'ES256' },
]

const FIRST_FIELDS: readonly FormField<AppMembers>[] = [
  { kind: 'text', name: 'name', label: 'word.name', help: 'app.nameHelp', required: true, maxLength: 256 },
  { kind: 'radio', name: 'kind', label: 'apps.kind', choices: KINDS },
  {
    kind: 'text',
    name: 'purpose',
    label: 'word.purpose',
    help: 'app.purposeHelp',
    maxLength: 512,
    optional: true,
  },
]

const ACCESS_FIELDS: readonly FormField<AppMembers>[] = [
  {
    kind: 'tags',
    name: 'redirectUris',
    label: 'app.redirectUris',
    help: 'app.redirectUrisHelp',
    check: findUnusable,
  },
  { kind: 'objects', of: 'users', name: 'owners', label: 'agents.owners', help: 'app.ownersHelp' },
  assignedUsers('app.assignments', 'app.everyoneHelp'),
]

/** They have defaults that suit most apps. */
const ADVANCED_FIELDS: readonly FormField<AppMembers>[] = [
  { kind: 'tags', name: 'postLogoutRedirectUris', label: 'app.postLogout' },
  {
    kind: 'url',
    name: 'backchannelLogoutUri',
    label: 'app.backchannel',
    help: 'app.backchannelHelp',
    optional: true,
  },
  {
    kind: 'choice',
    name: 'idTokenSigningAlg',
    label: 'app.idTokenAlgorithm',
    help: 'app.idTokenAlgorithmHelp',
    choices: ALGORITHMS,
    optional: true,
  },
  {
    kind: 'number',
    name: 'idTokenTtlSeconds',
    label: 'app.idTokenLifetime',
    help: 'app.idTokenLifetimeHelp',
    min: 1,
    max: 86_400,
    optional: true,
  },
  PkceField,
  {
    kind: 'number',
    name: 'maxSubjectTokenAgeSeconds',
    label: 'app.maxTokenAge',
    help: 'app.maxTokenAgeHelp',
    min: 1,
    max: 86_400,
    optional: true,
  },
  {
    kind: 'object',
    of: 'resource-apps',
    name: 'serviceOf',
    label: 'app.serviceOf',
    help: 'app.serviceOfHelp',
    optional: true,
  },
  { kind: 'switch', name: 'active', label: 'chip.active', help: 'app.activeHelp' },
]

interface AppFieldsProps<T extends AppMembers> extends FormProps<T> {
  /** Authentication, for a new app */
  readonly authentication?: ReactNode
  /** The ID, for a new app */
  readonly idField?: ReactNode
}

export function AppFields<T extends AppMembers>({ authentication, idField, ...form }: AppFieldsProps<T>) {
  return (
    <Stack gap="lg" className="cw-form">
      <Fields<AppMembers, T> fields={FIRST_FIELDS} {...form} />
      {authentication}
      <Fields<AppMembers, T> fields={ACCESS_FIELDS} {...form} />
      <Disclosure label={text('form.advanced')} opened={isAdvanced(form.draft)}>
        {idField}
        <Fields<AppMembers, T> fields={ADVANCED_FIELDS} {...form} />
      </Disclosure>
    </Stack>
  )
}

const OPTIONAL_ADVANCED = [
  'backchannelLogoutUri',
  'idTokenSigningAlg',
  'idTokenTtlSeconds',
  'pkce',
  'maxSubjectTokenAgeSeconds',
  'serviceOf',
] as const

/** Whether a field below `Advanced` differs from its default. */
function isAdvanced(draft: AppMembers): boolean {
  const isGiven = OPTIONAL_ADVANCED.some((name) => draft[name] !== undefined)
  return draft.postLogoutRedirectUris.length > 0 || !draft.active || isGiven
}

/** @returns an error message that names the first redirect URI that the server would refuse */
export function findUnusable(uris: readonly string[]): string | undefined {
  const unusable = uris.find((uri) => !isRedirectUri(uri, { anyScheme: true }))
  return unusable === undefined ? undefined : text('app.redirectUriUnusable', { uri: unusable })
}

function PkceField({ draft, change }: FormProps<AppMembers>) {
  return (
    <Switch
      label={text('app.pkceOptional')}
      description={text('app.pkceOptionalHelp')}
      checked={draft.pkce === 'optional'}
      onChange={({ currentTarget: { checked } }) =>
        change(withMember(draft, 'pkce', checked ? 'optional' : undefined))
      }
    />
  )
}
