// The fields of a requesting app, for creating and editing. Authentication is edited separately.
import { Fieldset, NativeSelect, NumberInput, Stack, Switch, TagsInput, TextInput } from '@mantine/core'

import type { ReactNode } from 'react'

import { isRedirectUri } from '@crosswalk/protocol'

import { ObjectSelect } from '../../components/object/object-select.tsx'
import { AssignmentFields, UserSelect } from '../../components/object/assignment-fields.tsx'
import { text } from '../../texts/text.ts'
import './apps.css'
import type { App } from './app-state.ts'
import { Disclosure } from '../../components/disclosure.tsx'
import { withMember } from '../../components/with-member.ts'
import { RadioField } from '../../components/fields.tsx'
import { APP_KINDS } from './app-state.ts'

type AppMembers = Pick<
  App,
  | 'name'
  | 'kind'
  | 'redirectUris'
  | 'postLogoutRedirectUris'
  | 'backchannelLogoutUri'
  | 'maxSubjectTokenAgeSeconds'
  | 'idTokenSigningAlg'
  | 'serviceOf'
  | 'pkce'
  | 'owners'
  | 'assignments'
  | 'active'
>

interface AppFieldsProps<T extends AppMembers> {
  readonly draft: T
  readonly change: (draft: T) => void
  /** Authentication, for a new app */
  readonly authentication?: ReactNode
  /** The ID, for a new app */
  readonly idField?: ReactNode
}

/** What every app needs; the rest has defaults that suit most apps. */
export function AppFields<T extends AppMembers>({
  draft,
  change,
  authentication,
  idField,
}: AppFieldsProps<T>) {
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
      <RadioField
        label={text('apps.kind')}
        choices={APP_KINDS.map((kind) => ({
          value: kind,
          label: text(`app.kind.${kind}`),
          description: text(`app.kindHelp.${kind}`),
        }))}
        value={draft.kind}
        change={(kind) => change({ ...draft, kind })}
      />
      {authentication}
      <RedirectUris draft={draft} change={change} />
      <UserSelect
        label={text('agents.owners')}
        description={text('app.ownersHelp')}
        value={draft.owners}
        change={(owners) => change({ ...draft, owners })}
      />
      <Fieldset variant="unstyled" className="cw-apps-fieldset" legend={text('app.assignments')}>
        <Stack gap="md">
          <AssignmentFields
            assignments={draft.assignments}
            change={(assignments) => change({ ...draft, assignments })}
            everyoneHelp={text('app.everyoneHelp')}
          />
        </Stack>
      </Fieldset>
      <Disclosure label={text('form.advanced')} opened={isAdvanced(draft)}>
        {idField}
        <SignInFields draft={draft} change={change} />
        <ObjectSelect
          of="resource-apps"
          label={text('app.serviceOf')}
          description={text('app.serviceOfHelp')}
          value={draft.serviceOf}
          change={(id) => change(withMember(draft, 'serviceOf', id))}
        />
        <Switch
          label={text('app.active')}
          description={text('app.activeHelp')}
          checked={draft.active}
          onChange={({ currentTarget }) => change({ ...draft, active: currentTarget.checked })}
        />
      </Disclosure>
    </Stack>
  )
}

/** Whether a field below `Advanced` differs from its default. */
function isAdvanced(draft: AppMembers): boolean {
  const { postLogoutRedirectUris, backchannelLogoutUri, idTokenSigningAlg, pkce, serviceOf } = draft
  const given = [backchannelLogoutUri, idTokenSigningAlg, pkce, serviceOf, draft.maxSubjectTokenAgeSeconds]
  return postLogoutRedirectUris.length > 0 || !draft.active || given.some((value) => value !== undefined)
}

function RedirectUris<T extends AppMembers>({ draft, change }: AppFieldsProps<T>) {
  const unusable = draft.redirectUris.find((uri) => !isRedirectUri(uri, { anyScheme: true }))
  return (
    <TagsInput
      label={text('app.redirectUris')}
      description={text('app.redirectUrisHelp')}
      error={unusable === undefined ? undefined : text('app.redirectUriUnusable', { uri: unusable })}
      value={draft.redirectUris}
      onChange={(redirectUris) => change({ ...draft, redirectUris })}
    />
  )
}

function SignInFields<T extends AppMembers>({ draft, change }: AppFieldsProps<T>) {
  return (
    <>
      <TagsInput
        label={text('app.postLogout')}
        value={draft.postLogoutRedirectUris}
        onChange={(postLogoutRedirectUris) => change({ ...draft, postLogoutRedirectUris })}
      />
      <TextInput
        type="url"
        label={text('app.backchannel')}
        description={text('app.backchannelHelp')}
        spellCheck={false}
        value={draft.backchannelLogoutUri ?? ''}
        onChange={({ currentTarget }) =>
          change(withMember(draft, 'backchannelLogoutUri', currentTarget.value))
        }
      />
      <NativeSelect
        label={text('app.idTokenAlgorithm')}
        description={text('app.idTokenAlgorithmHelp')}
        data={[{ value: '', label: text('app.idTokenAlgorithmDefault') }, 'RS256', 'ES256']}
        value={draft.idTokenSigningAlg ?? ''}
        onChange={({ currentTarget }) =>
          change(withMember(draft, 'idTokenSigningAlg', currentTarget.value as T['idTokenSigningAlg']))
        }
      />
      <Switch
        label={text('app.pkceOptional')}
        description={text('app.pkceOptionalHelp')}
        checked={draft.pkce === 'optional'}
        onChange={({ currentTarget }) =>
          change(withMember(draft, 'pkce', currentTarget.checked ? 'optional' : undefined))
        }
      />
      <NumberInput
        label={text('app.maxTokenAge')}
        description={text('app.maxTokenAgeHelp')}
        min={1}
        max={86_400}
        allowDecimal={false}
        value={draft.maxSubjectTokenAgeSeconds ?? ''}
        onChange={(seconds) =>
          change(withMember(draft, 'maxSubjectTokenAgeSeconds', seconds === '' ? undefined : Number(seconds)))
        }
      />
    </>
  )
}
