// Makes the tarballs that would be published, in a folder of their own: nothing is written into the work tree.
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'

import { type BuildOptions, buildPackages } from './build-packages.ts'
import { listPublicPackages, type PublicPackage } from './public-packages.ts'

export interface PackedPackage extends PublicPackage {
  /** Absolute path of the tarball */
  readonly tarball: string
  /** The folder that it was made of */
  readonly staged: string
}

/**
 * @param checked - as of `buildPackages`
 * @throws Error with what the compiler or npm said
 */
export function packPackages(
  root: string,
  target: string,
  { checked = true }: Pick<BuildOptions, 'checked'> = {},
): readonly PackedPackage[] {
  const packages = listPublicPackages(root)
  const outputs = new Map(packages.map(({ name, folder }) => [name, join(target, 'stage', basename(folder))]))
  const problems = buildPackages(root, packages, { outputs, checked })
  if (problems.length > 0) throw new Error(problems.join('\n'))
  for (const { name, folder } of packages) stage(root, folder, outputs.get(name) ?? '')
  const folders = [...outputs.values()]
  const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', target, ...folders], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const tarballs = new Map(readPacked(printed).map(({ name, filename }) => [name, join(target, filename)]))
  return packages.map((one) => ({
    ...one,
    tarball: tarballs.get(one.name) ?? '',
    staged: outputs.get(one.name) ?? '',
  }))
}

interface Packed {
  readonly name: string
  readonly filename: string
}

function readPacked(printed: string): readonly Packed[] {
  const parsed = JSON.parse(printed) as readonly Packed[] | Readonly<Record<string, Packed>>
  return Object.values(parsed)
}

function stage(root: string, folder: string, staged: string): void {
  mkdirSync(staged, { recursive: true })
  for (const name of ['package.json', 'README.md']) copyFileSync(join(folder, name), join(staged, name))
  copyFileSync(join(root, 'LICENSE'), join(staged, 'LICENSE'))
  cpSync(join(folder, 'src'), join(staged, 'src'), { recursive: true })
}
