// What the SDKs add to a bundled app: each entry alone, minified and compressed, without the app's own frameworks.
import { gzipSync } from 'node:zlib'

import { build, type Metafile } from 'esbuild'
import { describe, expect, it } from 'vitest'

import { listPublicPackages } from '../../../tools/build/public-packages.ts'
import { ROOT } from './packed.ts'

const MAX_BYTES = 45_000
const PACKAGES = ['@crosswalk/client', '@crosswalk/resource']

const entries = listPublicPackages(ROOT)
  .filter(({ name }) => PACKAGES.includes(name))
  .flatMap(({ name, manifest }) =>
    Object.entries(manifest.exports ?? {})
      .filter(([, file]) => typeof file !== 'string')
      .map(([entry]) => ({
        entry: name + entry.slice(1),
        frameworks: Object.keys(manifest.peerDependencies ?? {}),
      })),
  )

describe('in a bundle', () => {
  it('measures every entry of the SDKs', () => {
    expect(entries.map(({ entry }) => entry)).toEqual(
      expect.arrayContaining([...PACKAGES, '@crosswalk/resource/fetch', '@crosswalk/resource/fastify']),
    )
  })

  it.for(entries)('$entry takes at most 45 kB, without the schemas of definitions', async (entry) => {
    const { bytes, files } = await bundle(entry)
    console.log(`${entry.entry}: ${(bytes / 1000).toFixed(1)} kB`)
    expect(files.filter((file) => /node_modules\/zod\/|\/definitions\//.test(file))).toEqual([])
    expect(files).toContain('packages/protocol/src/records/codes.ts')
    expect(bytes).toBeLessThan(MAX_BYTES)
  })

  it('presets of products pull in no schema', async () => {
    const { bytes, files } = await bundle({ entry: '@crosswalk/protocol/vendors', frameworks: [] })
    expect(files.filter((file) => /node_modules|\/definitions\//.test(file))).toEqual([])
    expect(files).toContain('packages/protocol/src/vendors/presets.ts')
    expect(bytes).toBeLessThan(MAX_BYTES)
  })

  it('a program that uses a schema gets it', async () => {
    const { bytes, files } = await bundle({ entry: '@crosswalk/protocol', frameworks: [] })
    expect(files).toContain('packages/protocol/src/definitions/idp.ts')
    expect(bytes).toBeGreaterThan(MAX_BYTES)
  })
})

async function bundle({ entry, frameworks }: (typeof entries)[number]) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from '${entry}'`, resolveDir: ROOT },
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['crosswalk-source', 'module', 'import'],
    external: ['node:*', ...frameworks],
    outdir: 'out',
    metafile: true,
    write: false,
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error(`no output for ${entry}`)
  return { bytes: gzipSync(output.contents).length, files: listFiles(metafile) }
}

function listFiles({ outputs }: Metafile): readonly string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  )
}
