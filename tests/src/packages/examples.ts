// The examples, copied into a project with the packages installed, as a user would.
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { EXAMPLES, type PlayedExample, playExample, type Program } from '../support/play-example.ts'
import type { Runtime } from './packed.ts'

export const EXAMPLE_NAMES = ['express', 'fastify', 'hono', 'nextjs'] as const

/** @returns the dependencies of the examples besides our packages, such as `next@^16` */
export function listForeignDependencies(): readonly string[] {
  const wanted = new Map([...EXAMPLE_NAMES, 'agent'].flatMap(readDependencies))
  return [...wanted]
    .filter(([name]) => !name.startsWith('@crosswalk/'))
    .map(([name, range]) => `${name}@${range}`)
}

function readDependencies(example: string): readonly (readonly [string, string])[] {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(EXAMPLES, example, 'package.json'), 'utf8'),
  ) as Readonly<Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>>
  return Object.entries({ ...dependencies, ...devDependencies })
}

export interface CopiedExamples {
  /** Also with the copied agent */
  play(name: (typeof EXAMPLE_NAMES)[number], runtime: Runtime): Promise<PlayedExample>
}

/** Skips files that earlier runs in place left behind. */
const LEFT_BEHIND = /[/\\](node_modules|\.next|data)$/

export function copyExamples(project: string): CopiedExamples {
  const folder = join(project, 'examples')
  cpSync(EXAMPLES, folder, { recursive: true, filter: (path) => !LEFT_BEHIND.test(path) })
  const next = join(project, 'node_modules/next/dist/bin/next')
  const serve = (app: string, port: number): Program => ({
    cwd: join(folder, 'nextjs', app),
    args: [next, 'dev', '-H', '127.0.0.1', '-p', String(port)],
  })
  return {
    play: async (name, { path: node }) =>
      await playExample(
        ({ company, vendor }) =>
          name === 'nextjs'
            ? [serve('company', company), serve('vendor', vendor)]
            : [{ cwd: join(folder, name), args: ['main.ts'] }],
        { node, agent: { cwd: join(folder, 'agent'), args: ['main.ts'] } },
      ),
  }
}
