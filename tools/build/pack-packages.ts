// Creates the tarballs to publish in a separate folder: nothing is written into the work tree.
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative, sep } from 'node:path'

import { type BuildOptions, buildPackages } from './build-packages.ts'
import { listPublicPackages, type PublicPackage } from './public-packages.ts'

/** Its package includes the command and the built console. */
const SERVER = '@crosswalk/server'

export interface PackedPackage extends PublicPackage {
  /** Absolute path of the tarball */
  readonly tarball: string
}

export interface PackOptions extends Pick<BuildOptions, 'checked'> {
  /** Address of the repository, which npm compares with the source in the provenance */
  readonly repository?: string | undefined
}

/** Writes only tarballs into the target. @throws Error with the output of the compiler or npm */
export function packPackages(
  root: string,
  target: string,
  options: PackOptions = {},
): readonly PackedPackage[] {
  const staging = mkdtempSync(join(tmpdir(), 'crosswalk-pack-'))
  try {
    mkdirSync(target, { recursive: true })
    return packFrom(staging, root, target, options)
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

function packFrom(
  staging: string,
  root: string,
  target: string,
  { checked = true, repository }: PackOptions,
): readonly PackedPackage[] {
  const packages = listPublicPackages(root)
  const outputs = new Map(packages.map(({ name, folder }) => [name, join(staging, basename(folder))]))
  const errors = buildPackages(root, packages, { outputs, checked })
  if (errors !== undefined) throw new Error(errors)
  // Does nothing if it is up to date.
  execFileSync(process.execPath, [join(root, 'tools/runtime.mjs'), join(root, 'apps/console/build.ts')])
  for (const one of packages) {
    const directory = relative(root, one.folder).replaceAll(sep, '/')
    const where =
      repository === undefined ? {} : { repository: { type: 'git', url: `git+${repository}.git`, directory } }
    stage(root, one, outputs.get(one.name) ?? '', where)
  }
  const folders = [...outputs.values()]
  const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', target, ...folders], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const tarballs = new Map(readPacked(printed).map(({ name, filename }) => [name, join(target, filename)]))
  return packages.map((one) => ({ ...one, tarball: tarballs.get(one.name) ?? '' }))
}

interface Packed {
  readonly name: string
  readonly filename: string
}

function readPacked(printed: string): readonly Packed[] {
  const parsed = JSON.parse(printed) as readonly Packed[] | Readonly<Record<string, Packed>>
  return Object.values(parsed)
}

function stage(root: string, { name, folder, manifest }: PublicPackage, staged: string, added: object): void {
  mkdirSync(staged, { recursive: true })
  const { publishConfig, ...members } = manifest
  const published = { ...members, ...publishConfig, ...added }
  writeFileSync(join(staged, 'package.json'), JSON.stringify(published, null, 2))
  copyFileSync(join(root, 'LICENSE'), join(staged, 'LICENSE'))
  for (const item of ['README.md', 'src', 'config.schema.json'])
    if (existsSync(join(folder, item))) cpSync(join(folder, item), join(staged, item), { recursive: true })
  if (name === SERVER) {
    cpSync(join(folder, 'bin'), join(staged, 'bin'), { recursive: true })
    cpSync(join(root, 'apps/console/dist'), join(staged, 'console'), { recursive: true })
  }
}
