// Notes on products that users bring: example values, where to find them, and what cannot be tested. Data.
import type { OwnField } from './own-form.ts'

export interface Preset {
  readonly id: string
  readonly name: string
  /** What to configure or know first */
  readonly notes: readonly string[]
  /** What a run against it cannot show */
  readonly cannot: readonly string[]
  readonly examples: Readonly<Partial<Record<OwnField, string>>>
}

export const PRESETS: readonly Preset[] = [
  {
    id: 'generic',
    name: 'Any other',
    notes: [
      'Issuers are compared byte for byte, including a trailing slash if they have one.',
      'Register the redirect URI below at the identity provider, or bring an ID token.',
    ],
    cannot: [
      'For a server without metadata, only your token endpoint is used; signatures of its ID-JAGs are not verified.',
      'Without decision records, only the OAuth error explains a refusal, and a forged assertion may have been refused for its signature.',
    ],
    examples: {
      idp: 'https://login.corp.example',
      as: 'https://as.todo0.example',
      resource: 'https://mcp.todo0.example/mcp',
      scope: 'todos.read',
    },
  },
  {
    id: 'okta',
    name: 'Okta',
    notes: [
      'The identity provider is the org itself, https://YOUR-ORG.okta.com, not a custom authorization server below /oauth2/.',
      'The authorization server of a resource is a custom one: https://YOUR-ORG.okta.com/oauth2/ID.',
      'Assign the user to both apps and connect the two; use a private key with the kid that is registered for the app.',
    ],
    cannot: [
      'It does not explain refusals: they are access_denied or invalid_grant for every rule, so policy faults stay inconclusive.',
      'It limits the ID-JAGs of each user per month: trying every fault uses dozens of them.',
      'Revoked access shows only at the next exchange; no step here suspends anything in your org.',
    ],
    examples: {
      idp: 'https://YOUR-ORG.okta.com',
      as: 'https://YOUR-ORG.okta.com/oauth2/YOUR-SERVER',
      scope: 'todos.read',
    },
  },
  {
    id: 'auth0',
    name: 'Auth0',
    notes: [
      'Its issuer ends in a slash: https://TENANT.REGION.auth0.com/.',
      'It accepts ID-JAGs for its APIs; enable Cross App Access for the app, and give the enterprise connection that role.',
    ],
    cannot: [
      'It issues no ID-JAGs: the first leg needs another identity provider.',
      'It accepts an ID-JAG repeatedly until it expires, so the fault “redeemed a second time” stays inconclusive.',
      'Its rate limit is shared with sign-in: trying every fault may exceed it, which is inconclusive.',
    ],
    examples: {
      idp: 'https://YOUR-ORG.okta.com',
      as: 'https://TENANT.REGION.auth0.com/',
      resource: 'https://api.todo0.example',
    },
  },
  {
    id: 'keycloak',
    name: 'Keycloak',
    notes: [
      'The issuer is that of the realm, without a trailing slash: https://HOST/realms/NAME.',
      'It accepts ID-JAGs with the feature identity-assertion-jwt, for clients with this grant enabled.',
    ],
    cannot: [
      'It issues no ID-JAGs yet: the first leg needs another identity provider.',
      'Whether an ID-JAG can be redeemed twice is configurable; an accepted second redemption is not a fault of the server.',
      'It follows an older draft: newer members are ignored.',
    ],
    examples: { idp: 'https://login.corp.example', as: 'https://HOST/realms/NAME' },
  },
]

export function findPreset(id: string | undefined): Preset {
  const [generic] = PRESETS
  const found = PRESETS.find((preset) => preset.id === id) ?? generic
  if (found === undefined) throw new Error('there are no presets')
  return found
}
