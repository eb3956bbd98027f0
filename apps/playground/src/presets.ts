// What is known of products that users bring: example values, where to look, and what they do not let be tested. Data.
import type { OwnField } from './own-form.ts'

export interface Preset {
  readonly id: string
  readonly name: string
  /** What to set or to know before */
  readonly notes: readonly string[]
  /** What a run against it does not show */
  readonly cannot: readonly string[]
  readonly examples: Readonly<Partial<Record<OwnField, string>>>
}

export const PRESETS: readonly Preset[] = [
  {
    id: 'generic',
    name: 'Any other',
    notes: [
      'The issuers are compared byte for byte: with the slash at the end if they have one, and without if they have none.',
      'Register the redirect URI below at the identity provider, or bring an ID token.',
    ],
    cannot: [
      'A server without metadata is asked only at the token endpoint that you name; the signature of its ID-JAGs is then not verified.',
      'Without decision records of its own, a refusal is judged by the OAuth error alone, and a forged assertion may have been refused for its signature.',
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
      'The identity provider is the org itself, https://YOUR-ORG.okta.com, and no custom authorization server below /oauth2/.',
      'As the authorization server of a resource it is a custom one: https://YOUR-ORG.okta.com/oauth2/ID.',
      'Assign the user to both apps and connect the two; use a private key whose kid is the one that is registered for the app.',
    ],
    cannot: [
      'It does not say why: refusals are access_denied or invalid_grant, whatever the rule was, so faults of policy stay inconclusive.',
      'It limits the ID-JAGs of each user per month: trying every fault uses dozens of them.',
      'What an administrator cuts is seen only at the next exchange; there is no step here that suspends anything in your org.',
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
      'It takes ID-JAGs for its APIs; switch Cross App Access on for the app, and give the enterprise connection that role.',
    ],
    cannot: [
      'It issues no ID-JAGs: the first leg needs another identity provider.',
      'It takes one ID-JAG again until it expires, so the fault “redeemed a second time” stays inconclusive.',
      'Its rate limit is shared with sign-in: trying every fault may meet it, and is then inconclusive.',
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
      'The issuer is that of the realm, without a slash at the end: https://HOST/realms/NAME.',
      'It takes ID-JAGs with the feature identity-assertion-jwt, on a client that has the grant enabled.',
    ],
    cannot: [
      'It issues no ID-JAGs yet: the first leg needs another identity provider.',
      'Whether one ID-JAG is taken twice is a setting there; a second redemption that is accepted is no verdict on the server.',
      'It follows an older draft: members that are newer are ignored, and nothing here shows whether they would be honoured.',
    ],
    examples: { idp: 'https://login.corp.example', as: 'https://HOST/realms/NAME' },
  },
]

export function findPreset(id: string | undefined): Preset {
  const [generic] = PRESETS
  const found = PRESETS.find((preset) => preset.id === id) ?? generic
  if (found === undefined) throw new Error('there is no preset at all')
  return found
}
