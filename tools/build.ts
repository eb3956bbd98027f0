// `npm run build`: builds the packages as published, each into its `dist`. With `--pack FOLDER`, also creates the
// tarballs, outside the work tree. CROSSWALK_REPOSITORY is the source address that they name, which a release needs.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { buildPackages } from './build/build-packages.ts'
import { packPackages } from './build/pack-packages.ts'
import { listPublicPackages } from './build/public-packages.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const [option, folder] = process.argv.slice(2)
if (option === '--pack' && folder !== undefined) {
  const repository = process.env['CROSSWALK_REPOSITORY']
  for (const { tarball } of packPackages(ROOT, resolve(folder), { repository })) console.log(tarball)
} else if (option === undefined) {
  const packages = listPublicPackages(ROOT)
  const errors = buildPackages(ROOT, packages)
  if (errors === undefined) console.log(`built: ${packages.map(({ name }) => name).join(', ')}`)
  else console.error(errors)
  process.exitCode = errors === undefined ? 0 : 1
} else {
  console.error('usage: npm run build [-- --pack FOLDER]')
  process.exitCode = 2
}
