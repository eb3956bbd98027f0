// The fields of a requesting app, for editing and for a new one. How it proves who it is stands elsewhere.
import {
  Fieldset,
  NativeSelect,
  NumberInput,
  Radio,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core'

import { isRedirectUri } from '@crosswalk/protocol'

import { ObjectField } from '../../components/object/object-field.tsx'
import { AssignmentFields, UserSelect } from '../../components/object/assignment-fields.tsx'
import { text } from '../../texts/text.ts'
import './apps.css'
import type { App } from './app-state.ts'

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
}

export function AppFields<T extends AppMembers>({ draft, change }: AppFieldsProps<T>) {
  return (
    <Stack gap="lg" className="cw-form">
      <TextInput
        label={text('apps.name')}
        description={text('app.nameHelp')}
        required
        maxLength={256}
        value={draft.name}
        onChange={({ currentTarget }) => change({ ...draft, name: currentTarget.value })}
      />
      <Radio.Group
        label={text('apps.kind')}
        value={draft.kind}
        onChange={(kind) => change({ ...draft, kind: kind as App['kind'] })}
      >
        <Stack gap={6} mt={6}>
          {(['agent', 'web', 'service'] as const).map((kind) => (
            <Radio
              key={kind}
              value={kind}
              label={text(`app.kind.${kind}`)}
              description={text(`app.kindHelp.${kind}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <UserSelect
        label={text('agents.owners')}
        description={text('app.ownersHelp')}
        value={draft.owners}
        change={(owners) => change({ ...draft, owners })}
      />
      <ObjectField
        kind="resource_app"
        label={text('app.serviceOf')}
        description={text('app.serviceOfHelp')}
        value={draft.serviceOf ?? ''}
        change={(id) => {
          const { serviceOf: _, ...rest } = draft
          change((id === '' ? rest : { ...rest, serviceOf: id }) as T)
        }}
      />
      <SignInFields draft={draft} change={change} />
      <Fieldset variant="unstyled" className="cw-apps-fieldset" legend={text('app.assignments')}>
        <Stack gap="md">
          <AssignmentFields
            assignments={draft.assignments}
            change={(assignments) => change({ ...draft, assignments })}
            everyoneHelp={text('app.everyoneHelp')}
          />
        </Stack>
      </Fieldset>
      <Switch
        label={text('app.active')}
        description={text('app.activeHelp')}
        checked={draft.active}
        onChange={({ currentTarget }) => change({ ...draft, active: currentTarget.checked })}
      />
    </Stack>
  )
}

function SignInFields<T extends AppMembers>({ draft, change }: AppFieldsProps<T>) {
  const unusable = draft.redirectUris.find((uri) => !isRedirectUri(uri, { anyScheme: true }))
  return (
    <>
      <TagsInput
        label={text('app.redirectUris')}
        description={text('app.redirectUrisHelp')}
        error={unusable === undefined ? undefined : text('app.redirectUriUnusable', { uri: unusable })}
        value={draft.redirectUris}
        onChange={(redirectUris) => change({ ...draft, redirectUris })}
      />
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
        onChange={({ currentTarget: { value } }) => {
          const { backchannelLogoutUri: _, ...rest } = draft
          change((value === '' ? rest : { ...rest, backchannelLogoutUri: value }) as T)
        }}
      />
      <NativeSelect
        label={text('app.idTokenAlgorithm')}
        description={text('app.idTokenAlgorithmHelp')}
        data={[{ value: '', label: text('app.idTokenAlgorithmDefault') }, 'RS256', 'ES256']}
        value={draft.idTokenSigningAlg ?? ''}
        onChange={({ currentTarget: { value } }) => {
          const { idTokenSigningAlg: _, ...rest } = draft
          change((value === '' ? rest : { ...rest, idTokenSigningAlg: value }) as T)
        }}
      />
      <Switch
        label={text('app.pkceOptional')}
        description={text('app.pkceOptionalHelp')}
        checked={draft.pkce === 'optional'}
        onChange={({ currentTarget: { checked } }) => {
          const { pkce: _, ...rest } = draft
          change((checked ? { ...rest, pkce: 'optional' } : rest) as T)
        }}
      />
      <NumberInput
        label={text('app.maxTokenAge')}
        description={text('app.maxTokenAgeHelp')}
        min={1}
        max={86_400}
        allowDecimal={false}
        value={draft.maxSubjectTokenAgeSeconds ?? ''}
        onChange={(seconds) => {
          const { maxSubjectTokenAgeSeconds: _, ...rest } = draft
          change((seconds === '' ? rest : { ...rest, maxSubjectTokenAgeSeconds: Number(seconds) }) as T)
        }}
      />
    </>
  )
}
