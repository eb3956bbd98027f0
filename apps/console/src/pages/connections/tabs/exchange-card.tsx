// The values that each side must copy, in the terms of the other product, since most mistakes are swapped ids.
import { VENDORS } from '@crosswalk/protocol/vendors'
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'

import type { Connection } from '../../../api/objects.ts'
import { useApi } from '../../../api/queries.ts'
import { StateChip } from '../../../components/chips.tsx'
import { Copyable } from '../../../components/code-block.tsx'
import { type Fact, Facts } from '../../../components/facts.tsx'
import { Loaded } from '../../../components/states.tsx'
import { useSession } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import { useNames } from '../../../session/names.ts'

type Words = Partial<Record<'trusted' | 'jwks' | 'client' | 'audTenant', string | undefined>>

/** Labels of the same values in other products' forms. */
const WORDS: ReadonlyMap<string, Words> = new Map<string, Words>([
  ...VENDORS.flatMap(({ name, takesIdJags }): [string, Words][] => {
    if (takesIdJags === undefined) return []
    const { issuer, jwksUri, clientId } = takesIdJags.fields
    return [[name, { trusted: issuer, jwks: jwksUri, client: clientId }]]
  }),
  // A resource app, not an identity product, so it has no preset.
  ['Datadog', { audTenant: 'Organization UUID', client: 'Client ID at Resource' }],
])
const GENERIC = ''

export function ExchangeCard({ connection }: { readonly connection: Connection }) {
  const { issuer = '' } = useSession()
  const names = useNames()
  const [product, setProduct] = useState(GENERIC)
  const words = WORDS.get(product) ?? {}
  const query = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  return (
    <Loaded query={query}>
      {({ body }) => {
        const ours: readonly (Fact | null)[] = [
          row(words.trusted ?? text('card.ourIssuer'), issuer),
          row(words.jwks ?? text('card.jwks'), `${issuer.replace(/\/$/, '')}/jwks`),
          row(text('card.subject'), body.subject),
          body.tenant === undefined ? null : row(text('issuers.tenant'), body.tenant),
        ]
        const theirs: readonly (Fact | null)[] = [
          row(text('card.issuer'), body.issuer),
          row(words.client ?? text('card.client', { app: names.app(connection.app) }), connection.clientId),
          ...connection.resources.map((resource) => row(text('card.resources'), resource)),
          body.audTenant === undefined
            ? null
            : row(words.audTenant ?? text('card.audTenant'), body.audTenant),
        ]
        return (
          <>
            <div className="cw-row">
              <p>{text('card.lead')}</p>
              <NativeSelect
                label={text('card.theirProduct')}
                data={[{ value: GENERIC, label: text('word.any') }, ...WORDS.keys()]}
                value={product}
                onChange={({ currentTarget }) => setProduct(currentTarget.value)}
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
