import { describe, expect, test } from 'vitest'

import { checkArchitecture } from './check-architecture.ts'
import { renderFinding } from './finding.ts'
import { treeWith, manifest } from './testing/fixture.ts'

/** Each row breaks one rule in a valid tree; `at` is the only expected finding. */
const BROKEN: readonly {
  readonly what: string
  readonly change: Readonly<Record<string, string>>
  readonly at: string
}[] = [
  {
    what: 'an import of a higher layer',
    change: {
      'packages/idp/package.json': manifest(
        '@crosswalk/idp',
        '@crosswalk/protocol',
        'oidc-provider',
        '@crosswalk/server',
      ),
      'apps/server/package.json': manifest('@crosswalk/server'),
      'packages/idp/src/up.ts': "\nexport { serve } from '@crosswalk/server'\n",
    },
    at: 'packages/idp/src/up.ts:2  layers: packages/idp (layer 2) imports apps/server (layer 5)',
  },
  {
    what: 'an import of the same layer, even of types only',
    change: {
      'packages/resource-as/package.json': manifest('@crosswalk/resource-as', '@crosswalk/idp'),
      'packages/resource-as/src/side.ts': "import type { Idp } from '@crosswalk/idp'\n",
    },
    at: 'packages/resource-as/src/side.ts:1  layers: packages/resource-as (layer 2) imports packages/idp (layer 2)',
  },
  {
    what: 'an import of a workspace without a layer',
    change: {
      'packages/storage/package.json': manifest(
        '@crosswalk/storage',
        '@crosswalk/idp',
        'kysely',
        '@crosswalk/demo',
      ),
      'demos/todo0/package.json': manifest('@crosswalk/demo'),
      'packages/storage/src/demo.ts': "import '@crosswalk/demo'\n",
    },
    at: 'packages/storage/src/demo.ts:1  layers: packages/storage (layer 3) imports demos/todo0 (no layer)',
  },
  {
    what: 'a relative import into another workspace',
    change: { 'packages/idp/src/reach.ts': "import { zWord } from '../../protocol/src/words.ts'\n" },
    at: 'packages/idp/src/reach.ts:1  layers: ../../protocol/src/words.ts leaves packages/idp',
  },
  {
    what: 'a console that imports more than the contract',
    change: {
      'apps/console/package.json': manifest('@crosswalk/console', '@crosswalk/idp'),
      'apps/console/src/main.tsx': "import '@crosswalk/idp'\n",
    },
    at: 'apps/console/src/main.tsx:1  layers: apps/console imports packages/idp',
  },
  {
    what: 'a workspace that is missing from the table',
    change: { 'packages/attic/package.json': manifest('@crosswalk/attic') },
    at: 'packages/attic/package.json:1  layers: packages/attic is in no layer',
  },
  {
    what: 'oidc-provider outside sign-in',
    change: { 'packages/idp/src/issue-more.ts': "const { Provider } = await import('oidc-provider')\n" },
    at: 'packages/idp/src/issue-more.ts:1  confined-library: oidc-provider is imported outside packages/idp/src/sign-in/',
  },
  {
    what: 'SQL outside storage',
    change: { 'packages/idp/src/rows.ts': "import { DatabaseSync } from 'node:sqlite'\n" },
    at: 'packages/idp/src/rows.ts:1  confined-library: node:sqlite is imported outside packages/storage/src/',
  },
  {
    what: 'a token server that uses the ledger directly',
    change: {
      'packages/idp/package.json': manifest(
        '@crosswalk/idp',
        '@crosswalk/protocol',
        'oidc-provider',
        '@crosswalk/as-core',
      ),
      'packages/as-core/package.json': manifest('@crosswalk/as-core'),
      'packages/as-core/src/ports.ts': 'export interface Ledger {}\n',
      'packages/idp/src/issue-more.ts': "\nimport type { Ledger } from '@crosswalk/as-core'\n",
    },
    at: 'packages/idp/src/issue-more.ts:2  confined-name: Ledger is used outside packages/as-core',
  },
  {
    what: 'a token server that uses the ledger through its ports',
    change: { 'packages/idp/src/issue-more.ts': 'export const issue = (ports) => ports.ledger.commit({})\n' },
    at: 'packages/idp/src/issue-more.ts:1  confined-name: ledger is used outside packages/as-core',
  },
  {
    what: 'a second type with the name of a central concept',
    change: {
      'packages/idp/src/role.ts': 'export interface Role {}\n',
      'packages/protocol/src/role.ts': "\ntype Role = 'as'\n",
    },
    at: 'packages/protocol/src/role.ts:2  central-name: Role is already declared in packages/idp/src/role.ts',
  },
  {
    what: 'an index that exports a whole module',
    change: { 'packages/idp/src/index.ts': "\nexport type * from './ports.ts'\n" },
    at: 'packages/idp/src/index.ts:2  curated-index: everything in a module is exported',
  },
  {
    what: 'another file that exports a whole module',
    change: { 'packages/idp/src/sign-in.ts': "\nexport * from './sign-in/provider.ts'\n" },
    at: 'packages/idp/src/sign-in.ts:2  curated-index: everything in a module is exported',
  },
  {
    what: 'a Node.js module in an SDK',
    change: {
      'packages/client/package.json': manifest('@crosswalk/client'),
      'packages/client/src/read.ts': "import { readFile } from 'node:fs/promises'\n",
    },
    at: 'packages/client/src/read.ts:1  no-node-modules: packages/client imports node:fs/promises',
  },
  {
    what: 'a Node.js module without its prefix in a pure package',
    change: { 'packages/protocol/src/read.ts': "import { readFile } from 'fs'\n" },
    at: 'packages/protocol/src/read.ts:1  no-node-modules: packages/protocol imports fs',
  },
  {
    what: 'another library in a pure package',
    change: {
      'packages/protocol/package.json': manifest('@crosswalk/protocol', 'zod', 'undici'),
      'packages/protocol/src/get.ts': "import { request } from 'undici'\n",
    },
    at: 'packages/protocol/src/get.ts:1  pure-libraries: packages/protocol imports undici',
  },
  {
    what: 'an import that is not declared',
    change: { 'packages/idp/src/extra.ts': "import { z } from 'zod/v4'\n" },
    at: 'packages/idp/src/extra.ts:1  undeclared-import: zod is not among the dependencies of @crosswalk/idp',
  },
  {
    what: "a product file that uses the root's test library",
    change: { 'packages/idp/src/extra.ts': "import { vi } from 'vitest'\n" },
    at: 'packages/idp/src/extra.ts:1  undeclared-import: vitest is not among the dependencies of @crosswalk/idp',
  },
  {
    what: 'an absolute path',
    change: { 'packages/idp/src/extra.ts': "import '/opt/x.ts'\n" },
    at: 'packages/idp/src/extra.ts:1  undeclared-import: /opt/x.ts is not among the dependencies of @crosswalk/idp',
  },
  {
    what: 'a declared dependency that nothing imports',
    change: {
      'packages/idp/package.json': manifest('@crosswalk/idp', '@crosswalk/protocol', 'oidc-provider', 'koa'),
    },
    at: 'packages/idp/package.json:1  unused-dependency: declared but never imported: koa',
  },
  {
    what: 'folders that import each other, though none of their files does',
    change: {
      'packages/idp/src/grants/a.ts': "import '../pages/deep/b.ts'\n",
      'packages/idp/src/pages/deep/b.ts': 'export const b = 1\n',
      'packages/idp/src/pages/c.ts': "\nimport type { d } from '../grants/d.ts'\n",
      'packages/idp/src/grants/d.ts': 'export const d = 1\n',
    },
    at: 'packages/idp/src/pages/c.ts:2  folder-pair: packages/idp/src/grants ↔ packages/idp/src/pages (the opposite direction is in packages/idp/src/grants/a.ts:1)',
  },
  {
    what: 'a folder and a file next to it that import each other',
    change: {
      'packages/idp/src/record.ts': "import type { Step } from './steps/step.ts'\n",
      'packages/idp/src/steps/step.ts': 'export type Step = 1\n',
      'packages/idp/src/steps/walk.ts': "import { record } from '../record.ts'\n",
    },
    at: 'packages/idp/src/steps/walk.ts:1  folder-pair: packages/idp/src/record.ts ↔ packages/idp/src/steps (the opposite direction is in packages/idp/src/record.ts:1)',
  },
  {
    what: 'demo workspaces that import each other',
    change: {
      'demos/todo0/package.json': manifest('@crosswalk/todo0', '@crosswalk/notes0'),
      'demos/todo0/src/a.ts': "import '@crosswalk/notes0'\n",
      'demos/notes0/package.json': manifest('@crosswalk/notes0', '@crosswalk/todo0'),
      'demos/notes0/src/b.ts': "import '@crosswalk/todo0'\n",
    },
    at: 'demos/todo0/src/a.ts:1  folder-pair: demos/notes0 ↔ demos/todo0 (the opposite direction is in demos/notes0/src/b.ts:1)',
  },
]

describe('the architecture guard', () => {
  test('reports nothing for a valid tree', () => {
    expect(checkArchitecture(treeWith())).toEqual({ failures: [], warnings: [] })
  })

  test.each(BROKEN)('reports $what, and nothing else', ({ change, at }) => {
    const { failures } = checkArchitecture(treeWith(change))
    expect(failures.map((it) => `${it.file}:${it.line}  ${it.rule}: ${it.message}`)).toEqual([at])
  })

  test('reports the place, the rule, the reason and the fix', () => {
    const { failures } = checkArchitecture(treeWith({ 'packages/idp/src/extra.ts': "\nimport 'koa'\n" }))
    expect(failures.map(renderFinding)).toEqual([
      [
        'packages/idp/src/extra.ts:2  undeclared-import: koa is not among the dependencies of @crosswalk/idp',
        '    why: it resolves here only because another workspace depends on it',
        '    fix: add it to packages/idp/package.json and run npm install',
      ].join('\n'),
    ])
  })

  test.each([
    ['a test', 'packages/protocol/src/words.test.ts'],
    ['a testing folder', 'packages/protocol/src/testing/world.ts'],
    ['a contract suite', 'packages/protocol/src/contract/suite.ts'],
    ['a tool', 'tools/look.ts'],
  ])('lets %s import any installed package', (_who, path) => {
    const text = "import 'node:sqlite'\nimport 'vitest'\nimport { zWord } from '@crosswalk/storage'\n"
    expect(checkArchitecture(treeWith({ [path]: text })).failures).toEqual([])
  })

  test('counts a library whose program a script starts as used', () => {
    const scripts = { start: 'koa serve' }
    const given = manifest('@crosswalk/demo', 'koa')
    const change = (more: object) => ({
      'demos/demo/package.json': JSON.stringify({ ...(JSON.parse(given) as object), ...more }),
    })
    expect(checkArchitecture(treeWith(change({ scripts }))).failures).toEqual([])
    expect(checkArchitecture(treeWith(change({}))).failures).toHaveLength(1)
  })

  test('accepts a library that only tests of its workspace use', () => {
    const change = {
      'packages/idp/package.json': manifest('@crosswalk/idp', '@crosswalk/protocol', 'oidc-provider', 'jose'),
      'packages/idp/src/issue.test.ts': "import { jwtVerify } from 'jose'\n",
    }
    expect(checkArchitecture(treeWith(change)).failures).toEqual([])
  })
})

describe('sizes', () => {
  const lines = (count: number) => '//\n'.repeat(count)
  const functionOf = (count: number) => `export function long() {\n${lines(count - 2)}}\n`
  const factoryOf = (count: number) =>
    `export function make() {\n  return () => {\n${lines(count - 2)}  }\n}\n`

  test.each([
    ['a file of 250 lines', 'packages/idp/src/x.ts', lines(250), []],
    ['a file of 251 lines', 'packages/idp/src/x.ts', lines(251), ['long-file: 251 lines, more than 250']],
    ['a function of 40 lines', 'packages/idp/src/x.ts', functionOf(40), []],
    [
      'a function of 41 lines',
      'packages/idp/src/x.ts',
      functionOf(41),
      ['long-function: long has 41 lines of its own, more than 40'],
    ],
    ['a factory whose function has 40 lines', 'packages/idp/src/x.ts', factoryOf(40), []],
    [
      'a factory whose function has 41 lines',
      'packages/idp/src/x.ts',
      factoryOf(41),
      ['long-function: a function has 41 lines of its own, more than 40'],
    ],
    ['a long table of codes', 'packages/protocol/src/records/codes.ts', lines(900), []],
    ['a long file of definitions', 'packages/protocol/src/definitions/idp.ts', lines(900), []],
    ['a long test', 'packages/idp/src/x.test.ts', lines(900), []],
  ])('%s', (_what, path, text, said) => {
    const { failures, warnings } = checkArchitecture(treeWith({ [path]: text }))
    expect(warnings.map((it) => `${it.rule}: ${it.message}`)).toEqual(said)
    expect(failures).toEqual([])
  })
})
