// Fields for the service behind a brokered resource app: its API, and how to obtain a credential. Secrets are stored separately.
import { Fieldset, NativeSelect, Stack, Switch, TagsInput, TextInput } from '@mantine/core'

import { text, type TextCode } from '../../texts/text.ts'
import '../../texts/en/vault.ts'
import type { Brokered } from './resource-apps-page.tsx'
import { withMember } from '../../components/with-member.ts'

interface BrokeredFieldsProps {
  readonly brokered: Brokered | undefined
  readonly change: (brokered: Brokered | undefined) => void
}

type Credential = Brokered['credential']
type Oauth = Extract<Credential, { readonly kind: 'oauth' }>
type ApiKey = Extract<Credential, { readonly kind: 'apiKey' }>

const NEW_KEY: ApiKey = { kind: 'apiKey', per: 'app', header: 'Authorization', scheme: 'Bearer' }
const NEW_OAUTH: Oauth = {
  kind: 'oauth',
  authorizationEndpoint: '',
  tokenEndpoint: '',
  clientId: '',
  onReconnect: 'revoke',
  clientAuth: 'client_secret_basic',
  scopes: [],
}
const KINDS = ['oauth', 'apiKey.app', 'apiKey.user'] as const

export function BrokeredFields({ brokered, change }: BrokeredFieldsProps) {
  return (
    <Fieldset variant="unstyled" className="cw-apps-fieldset" legend={text('vault.legend')}>
      <Stack gap="md">
        <Switch
          label={text('vault.brokered')}
          description={text('vault.brokeredHelp')}
          checked={brokered !== undefined}
          onChange={({ currentTarget: { checked } }) =>
            change(checked ? { api: '', credential: NEW_OAUTH, privateNetwork: false } : undefined)
          }
        />
        {brokered === undefined ? null : <ServiceFields brokered={brokered} change={change} />}
      </Stack>
    </Fieldset>
  )
}

function ServiceFields({ brokered, change }: BrokeredFieldsProps & { readonly brokered: Brokered }) {
  const { api, credential } = brokered
  const set = (next: Credential) => change({ ...brokered, credential: next })
  return (
    <>
      <AddressField
        label="vault.api"
        help="vault.apiHelp"
        value={api}
        change={(next) => change({ ...brokered, api: next })}
      />
      <NativeSelect
        label={text('vault.kind')}
        data={KINDS.map((kind) => ({ value: kind, label: text(`vault.kind.${kind}`) }))}
        value={credential.kind === 'oauth' ? 'oauth' : `apiKey.${credential.per}`}
        onChange={({ currentTarget: { value } }) => set(chooseKind(credential, value))}
      />
      {credential.kind === 'oauth' ? (
        <OauthFields credential={credential} change={set} />
      ) : (
        <KeyFields credential={credential} change={set} />
      )}
    </>
  )
}

function chooseKind(credential: Credential, chosen: string): Credential {
  if (chosen === 'oauth') return credential.kind === 'oauth' ? credential : NEW_OAUTH
  const key = credential.kind === 'apiKey' ? credential : NEW_KEY
  return { ...key, per: chosen === 'apiKey.user' ? 'user' : 'app' }
}

interface FieldsOf<C> {
  readonly credential: C
  readonly change: (credential: C) => void
}

function OauthFields({ credential, change }: FieldsOf<Oauth>) {
  return (
    <>
      {(['authorizationEndpoint', 'tokenEndpoint'] as const).map((member) => (
        <AddressField
          key={member}
          label={`vault.${member}`}
          value={credential[member]}
          change={(value) => change({ ...credential, [member]: value })}
        />
      ))}
      <AddressField
        label="vault.revocationEndpoint"
        help="vault.revocationHelp"
        required={false}
        value={credential.revocationEndpoint ?? ''}
        change={(value) => change(withMember(credential, 'revocationEndpoint', value))}
      />
      <TextInput
        label={text('vault.clientId')}
        required
        spellCheck={false}
        value={credential.clientId}
        onChange={({ currentTarget }) => change({ ...credential, clientId: currentTarget.value })}
      />
      <TagsInput
        label={text('vault.scopes')}
        value={credential.scopes}
        onChange={(scopes) => change({ ...credential, scopes })}
      />
    </>
  )
}

function KeyFields({ credential, change }: FieldsOf<ApiKey>) {
  return (
    <>
      <TextInput
        label={text('vault.header')}
        required
        spellCheck={false}
        value={credential.header}
        onChange={({ currentTarget }) => change({ ...credential, header: currentTarget.value.trim() })}
      />
      <TextInput
        label={text('vault.scheme')}
        description={text('vault.schemeHelp')}
        spellCheck={false}
        value={credential.scheme}
        onChange={({ currentTarget }) => change({ ...credential, scheme: currentTarget.value.trim() })}
      />
    </>
  )
}

interface AddressFieldProps {
  readonly label: TextCode
  readonly help?: TextCode
  readonly required?: boolean
  readonly value: string
  readonly change: (value: string) => void
}

function AddressField({ label, help, required = true, value, change }: AddressFieldProps) {
  return (
    <TextInput
      type="url"
      label={text(label)}
      {...(help === undefined ? {} : { description: text(help) })}
      required={required}
      spellCheck={false}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value.trim())}
    />
  )
}
