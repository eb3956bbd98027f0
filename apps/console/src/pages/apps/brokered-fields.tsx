// Fields for the service behind a brokered resource app: its API, and how to obtain a credential. Secrets are stored separately.
import { Fieldset, NativeSelect, Stack, Switch } from '@mantine/core'

import { text } from '../../texts/text.ts'
import '../../texts/en/vault.ts'
import type { Brokered } from './resource-apps-page.tsx'
import { Fields, type FormField } from '../../components/form-fields.tsx'

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
    <Fieldset variant="unstyled" className="cw-fieldset" legend={text('vault.legend')}>
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
  const { credential } = brokered
  const set = (next: Credential) => change({ ...brokered, credential: next })
  return (
    <>
      <Fields fields={API} draft={brokered} change={change} />
      <NativeSelect
        label={text('vault.kind')}
        data={KINDS.map((kind) => ({ value: kind, label: text(`vault.kind.${kind}`) }))}
        value={credential.kind === 'oauth' ? 'oauth' : `apiKey.${credential.per}`}
        onChange={({ currentTarget: { value } }) => set(chooseKind(credential, value))}
      />
      {credential.kind === 'oauth' ? (
        <Fields<Oauth, Oauth> fields={OAUTH} draft={credential} change={set} />
      ) : (
        <Fields<ApiKey, ApiKey> fields={KEY} draft={credential} change={set} />
      )}
    </>
  )
}

function chooseKind(credential: Credential, chosen: string): Credential {
  if (chosen === 'oauth') return credential.kind === 'oauth' ? credential : NEW_OAUTH
  const key = credential.kind === 'apiKey' ? credential : NEW_KEY
  return { ...key, per: chosen === 'apiKey.user' ? 'user' : 'app' }
}

const API: readonly FormField<Brokered>[] = [
  { kind: 'url', name: 'api', label: 'vault.api', help: 'vault.apiHelp', required: true },
]

const OAUTH: readonly FormField<Oauth>[] = [
  { kind: 'url', name: 'authorizationEndpoint', label: 'vault.authorizationEndpoint', required: true },
  { kind: 'url', name: 'tokenEndpoint', label: 'vault.tokenEndpoint', required: true },
  {
    kind: 'url',
    name: 'revocationEndpoint',
    label: 'vault.revocationEndpoint',
    help: 'vault.revocationHelp',
    optional: true,
  },
  { kind: 'word', name: 'clientId', label: 'vault.clientId', required: true },
  { kind: 'tags', name: 'scopes', label: 'vault.scopes' },
]

const KEY: readonly FormField<ApiKey>[] = [
  { kind: 'word', name: 'header', label: 'vault.header', required: true },
  { kind: 'word', name: 'scheme', label: 'vault.scheme', help: 'vault.schemeHelp' },
]
