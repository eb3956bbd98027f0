// What each side must copy, named as the other product names it: most mistakes are two ids taken for each other.
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'

import { useApi } from '../../../api/queries.ts'
import { StateChip } from '../../../components/chips.tsx'
import { Copyable } from '../../../components/code-block.tsx'
import { type Fact, Facts } from '../../../components/facts.tsx'
import { Loaded } from '../../../components/states.tsx'
import { useSession } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import type { Connection } from '../../../components/object/connection-state.ts'
import { useNames } from '../../../api/names.ts'

/** What others call the same thing, in their own consoles. */
const WORDS = {
  generic: {},
  Okta: { client: 'Client ID at resource', issuer: 'Issuer URL of the resource server' },
  Auth0: {
    issuer: 'Issuer (custom domain of the tenant)',
    client: 'Client ID',
    trusted: 'Enterprise connection issuer',
  },
  Keycloak: {
    issuer: 'Realm issuer',
    client: 'Client ID',
    trusted: 'Identity provider issuer',
    jwks: 'JWKS URL',
  },
  Datadog: { audTenant: 'Organization UUID', client: 'Client ID at Resource' },
} as const satisfies Record<
  string,
  Partial<Record<'client' | 'issuer' | 'trusted' | 'jwks' | 'audTenant', string>>
>
type Product = keyof typeof WORDS

export function ExchangeCard({ connection }: { readonly connection: Connection }) {
  const { issuer = '' } = useSession()
  const names = useNames()
  const [product, setProduct] = useState<Product>('generic')
  const words: Partial<Record<string, string>> = WORDS[product]
  const query = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  return (
    <Loaded query={query}>
      {({ body }) => {
        const ours: readonly Fact[] = [
          row(words['trusted'] ?? text('card.ourIssuer'), issuer),
          row(words['jwks'] ?? text('card.jwks'), `${issuer.replace(/\/$/, '')}/jwks`),
          row(text('card.subject'), body.subject),
          ...(body.tenant === undefined ? [] : [row(text('card.ourTenant'), body.tenant)]),
        ]
        const theirs: readonly Fact[] = [
          row(words['issuer'] ?? text('card.issuer'), body.issuer),
          row(
            words['client'] ?? text('card.client', { app: names.app(connection.app) }),
            connection.clientId,
          ),
          ...connection.resources.map((resource) => row(text('card.resources'), resource)),
          ...(body.audTenant === undefined
            ? []
            : [row(words['audTenant'] ?? text('card.audTenant'), body.audTenant)]),
        ]
        return (
          <>
            <div className="cw-row">
              <p>{text('card.lead')}</p>
              <NativeSelect
                label={text('card.theirProduct')}
                data={Object.keys(WORDS).map((value) => ({
                  value,
                  label: value === 'generic' ? text('card.generic') : value,
                }))}
                value={product}
                onChange={({ currentTarget }) => setProduct(currentTarget.value as Product)}
              />
            </div>
            <div className="cw-two">
              <section className="cw-card">
                <h2>{text('card.theirs')}</h2>
                <Facts facts={ours} />
              </section>
              <section className="cw-card">
                <h2>{text('card.ours')}</h2>
                <Facts facts={theirs} />
              </section>
            </div>
          </>
        )
      }}
    </Loaded>
  )
}

function row(name: string, value: string | undefined): Fact {
  return [
    name,
    value === undefined ? (
      <StateChip key={name} state="warn" label={text('card.missing')} />
    ) : (
      <Copyable key={name} what={name} value={value} />
    ),
  ]
}
