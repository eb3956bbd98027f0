// The values that an administrator enters in another product to connect it, in that product's terms. Pure.
import { type CardField, type Vendor, VENDORS, type VendorRole } from '@crosswalk/protocol/vendors'

import { sanitize } from '../admin/table.ts'

/** The role of the other side in the connection: it selects the product's terms and steps. */
export type CardRole = Exclude<VendorRole, 'requests'>

export interface Card {
  readonly schema: 'crosswalk.card/v1'
  readonly product: string | null
  readonly role: CardRole
  readonly values: readonly CardValue[]
  /** The required `aud` of the ID-JAGs, if any are involved */
  readonly audience: string | null
  readonly steps: readonly { readonly do: string; readonly source: string }[]
  /** When the product's documentation was last read */
  readonly checked: string | null
}

export interface CardValue {
  readonly field: CardField
  readonly label: string
  readonly values: readonly string[]
}

const GENERIC: Readonly<Record<CardField, string>> = {
  issuer: 'Issuer',
  audience: 'Audience',
  jwksUri: 'JWKS URL',
  clientId: 'Client ID',
  scopes: 'Scopes',
  redirectUri: 'Redirect URI',
  logoutUri: 'Back-channel logout URI',
  resource: 'Resource',
}

export function listProducts(role: CardRole): readonly Vendor[] {
  return VENDORS.filter((vendor) => vendor[role] !== undefined)
}

/** @param vendor - undefined uses the terms of the specifications */
export function makeCard(
  role: CardRole,
  facts: Readonly<Partial<Record<CardField, readonly string[]>>>,
  vendor: Vendor | undefined,
): Card {
  const part = vendor?.[role]
  const fields: Readonly<Partial<Record<CardField, string>>> = part?.fields ?? {}
  return {
    schema: 'crosswalk.card/v1',
    product: vendor?.name ?? null,
    role,
    values: (Object.keys(GENERIC) as CardField[]).flatMap((field) => {
      const values = facts[field] ?? []
      return values.length === 0 ? [] : [{ field, label: fields[field] ?? GENERIC[field], values }]
    }),
    audience: part !== undefined && 'audience' in part ? part.audience : null,
    steps: part?.steps ?? [],
    checked: vendor?.checked ?? null,
  }
}

const TITLES: Readonly<Record<CardRole, string>> = {
  takesIdJags: 'accepts ID-JAGs from this identity provider',
  issuesIdJags: 'issues ID-JAGs for this authorization server',
  signIn: 'signs in the users of this app',
}

export function renderCard({ product, role, values, audience, steps, checked }: Card): string {
  const width = Math.max(...values.map(({ label }) => label.length))
  const lines = [
    `${product ?? 'The other product'} ${TITLES[role]}. Enter there:`,
    '',
    ...values.flatMap(({ label, values: [first = '', ...more] }) => [
      `  ${label.padEnd(width)}  ${first}`,
      ...more.map((value) => `  ${''.padEnd(width)}  ${value}`),
    ]),
    ...(audience === null ? [] : ['', `Audience of its ID-JAGs: ${audience}`]),
    ...(steps.length === 0 ? [] : ['', `Steps there (documentation read on ${checked}):`]),
    ...steps.flatMap(({ do: step, source }, index) => [`  ${index + 1}. ${step}`, `     ${source}`]),
  ]
  return `${lines.map(sanitize).join('\n')}\n`
}
