// What to know about the products that users bring: example values, where to find them, and what cannot be tested.
import { VENDORS } from '@crosswalk/protocol/vendors'

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

const GENERIC: Preset = {
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
}

export const PRESETS: readonly Preset[] = [
  GENERIC,
  ...VENDORS.flatMap(({ id, name, playground }) =>
    playground === undefined ? [] : [{ id, name, ...playground }],
  ),
]

export function findPreset(id: string | undefined): Preset {
  return PRESETS.find((preset) => preset.id === id) ?? GENERIC
}
