// The table of layers: the layer of each workspace, and the libraries that it may import. Imports point to lower
// layers only. The rules next to it read this table.

export interface WorkspaceRule {
  readonly workspace: string
  readonly layer: number
  /** The only workspaces it may import; all lower ones by default. */
  readonly onlyWorkspaces?: readonly string[]
  /** The only npm packages it may import; any declared one by default. */
  readonly onlyLibraries?: readonly string[]
  /** Whether its sources may import `node:` modules; false if they also run outside Node.js. */
  readonly nodeModules: boolean
}

const PURE = { nodeModules: false, onlyLibraries: ['zod', 'jose'] }
/** Small and pure: no platform types, no state. */
const PURE_HELPERS = ['fastest-levenshtein', 'ipaddr.js']
const SDK = { nodeModules: false }
const SERVER = { nodeModules: true }

export const WORKSPACES: readonly WorkspaceRule[] = [
  { workspace: 'packages/protocol', layer: 0, ...PURE },
  { workspace: 'packages/design', layer: 0, ...SERVER },
  { workspace: 'packages/tracing', layer: 0, nodeModules: false, onlyLibraries: ['@opentelemetry/api'] },
  {
    workspace: 'packages/policy',
    layer: 1,
    ...PURE,
    onlyLibraries: [...PURE.onlyLibraries, ...PURE_HELPERS],
  },
  { workspace: 'packages/admin-api', layer: 1, ...SDK },
  { workspace: 'packages/as-core', layer: 1, ...SERVER },
  { workspace: 'packages/client', layer: 1, ...SDK },
  { workspace: 'packages/resource', layer: 1, ...SDK },
  { workspace: 'packages/idp', layer: 2, ...SERVER },
  { workspace: 'packages/resource-as', layer: 2, ...SERVER },
  { workspace: 'packages/mcp', layer: 2, ...SDK },
  { workspace: 'packages/lab', layer: 2, ...SERVER },
  { workspace: 'packages/storage', layer: 3, ...SERVER },
  { workspace: 'packages/testkit', layer: 4, ...SERVER },
  { workspace: 'packages/control', layer: 4, ...SERVER },
  { workspace: 'apps/playground', layer: 5, ...SERVER },
  { workspace: 'apps/server', layer: 5, ...SERVER },
  // The other apps run the composed server, so they are one layer higher.
  { workspace: 'apps/cli', layer: 6, ...SERVER },
  {
    workspace: 'apps/console',
    layer: 6,
    nodeModules: false,
    onlyWorkspaces: ['packages/admin-api', 'packages/design', 'packages/protocol'],
  },
]

/** May import anything: the demo world, examples, cross-package tests, benchmarks. */
export const UNRESTRICTED = [/^demos\/[^/]+$/, /^examples\/[^/]+$/, /^tests$/, /^bench$/]

export interface Confinement {
  readonly library: RegExp
  /** The only folder whose sources may import it. */
  readonly folder: string
  readonly why: string
}

export const CONFINED: readonly Confinement[] = [
  {
    library: /^oidc-provider$/,
    folder: 'packages/idp/src/sign-in/',
    why: 'interactive sign-in must stay replaceable behind one interface',
  },
  {
    library: /^(kysely|pg|node:sqlite)$/,
    folder: 'packages/storage/src/',
    why: 'only storage uses SQL; everything else uses a port',
  },
]

export interface ConfinedName {
  readonly name: RegExp
  /** The workspaces whose sources may not use it. */
  readonly outside: readonly string[]
  readonly home: string
  readonly why: string
  readonly remedy: string
}

export const CONFINED_NAMES: readonly ConfinedName[] = [
  {
    name: /\b[lL]edger\w*\b/,
    outside: ['packages/idp', 'packages/resource-as', 'packages/mcp'],
    home: 'packages/as-core',
    why: 'one path commits grants, so that nothing is issued twice or without a record',
    remedy: 'return a Grant for runGrant, or record the event through EventRecorder',
  },
]

/** Words with one meaning: each is the name of one type, so that readers never ask which one is meant. */
export const CENTRAL_NAMES = ['Check', 'Finding', 'Grant', 'Problem', 'Proof', 'Role']

export interface SizeLimits {
  readonly fileLines: number
  readonly functionLines: number
  /** Tables and schemas, whose length does not indicate complexity. */
  readonly exempt: RegExp
}

export const SIZES: SizeLimits = {
  fileLines: 250,
  functionLines: 40,
  exempt: /(^|\/)(codes\.ts|definitions\/[^/]+|vendors\/presets\.ts)$/,
}
