// A small valid tree for the tests of the rules; each test breaks one rule in it.
import { buildTree, type Tree } from '../tree.ts'

/** A package.json with these dependencies. */
export function manifest(name: string, ...dependencies: string[]): string {
  return JSON.stringify({ name, dependencies: Object.fromEntries(dependencies.map((it) => [it, '*'])) })
}

const SOUND: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'root', devDependencies: { vitest: '*' } }),
  'packages/protocol/package.json': manifest('@crosswalk/protocol', 'zod'),
  'packages/protocol/src/index.ts': "export { zWord } from './words.ts'\n",
  'packages/protocol/src/words.ts': "import { z } from 'zod'\nexport const zWord = z.string()\n",
  'packages/protocol/src/words.test.ts':
    "import { test } from 'vitest'\nimport { zWord } from './words.ts'\n",
  'packages/idp/package.json': manifest('@crosswalk/idp', '@crosswalk/protocol', 'oidc-provider'),
  'packages/idp/src/sign-in/provider.ts': "import Provider from 'oidc-provider'\n",
  'packages/idp/src/issue.ts':
    "import { readFileSync } from 'node:fs'\nimport { zWord } from '@crosswalk/protocol'\n",
  'packages/storage/package.json': manifest('@crosswalk/storage', '@crosswalk/idp', 'kysely'),
  'packages/storage/src/rows.ts':
    "import type { Ports } from '@crosswalk/idp'\nimport { Kysely } from 'kysely'\nimport { DatabaseSync } from 'node:sqlite'\n",
}

/** The valid tree with `changes` applied; an undefined text removes the file. */
export function treeWith(changes: Readonly<Record<string, string | undefined>> = {}): Tree {
  const texts = Object.entries({ ...SOUND, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return buildTree(new Map(texts))
}
