// Lists the published workspaces: those in packages/ and apps/ that are not `private`.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface PublicPackage {
  readonly name: string
  /** Absolute */
  readonly folder: string
  readonly manifest: Manifest
}

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly engines?: { readonly node?: string }
  /** By entry: its file per condition, or the file itself */
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>> | string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  /** Members with different values when published, as in pnpm */
  readonly publishConfig?: Readonly<Record<string, unknown>>
}

/** @returns the packages in alphabetical order of their folders */
export function listPublicPackages(root: string): readonly PublicPackage[] {
  return ['apps', 'packages']
    .flatMap((place) => readdirSync(join(root, place)).map((name) => join(root, place, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest }))
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}
