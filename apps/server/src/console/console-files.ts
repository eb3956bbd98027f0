// The files of the built console, read once into memory with their compressed versions. They contain no secrets, so
// anyone may load them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The build output of `apps/console`; in the published package, the folder it was copied to. */
const CONSOLE_FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../console/dist' : '../../console', import.meta.url),
)

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
}

interface ConsoleFile {
  readonly type: string
  readonly plain: Uint8Array<ArrayBuffer>
  readonly gzip: Uint8Array<ArrayBuffer> | undefined
}

export interface ConsoleFiles {
  /** `index.html` with a placeholder for the nonce */
  readonly shell: string
  readonly assets: ReadonlyMap<string, ConsoleFile>
}

/** @returns undefined if the console was not built */
export function readConsoleFiles(): ConsoleFiles | undefined {
  const shell = join(CONSOLE_FOLDER, 'index.html')
  if (!existsSync(shell)) return undefined
  const names = readdirSync(join(CONSOLE_FOLDER, 'assets'))
  const read = (name: string) => new Uint8Array(readFileSync(join(CONSOLE_FOLDER, 'assets', name)))
  const assets = names
    .filter((name) => TYPES[extname(name)] !== undefined)
    .map((name): [string, ConsoleFile] => [
      name,
      {
        type: TYPES[extname(name)] ?? '',
        plain: read(name),
        gzip: names.includes(`${name}.gz`) ? read(`${name}.gz`) : undefined,
      },
    ])
  return { shell: readFileSync(shell, 'utf8'), assets: new Map(assets) }
}

/** @returns undefined if the build has no such file */
export function renderAsset({ assets }: ConsoleFiles, name: string, request: Request): Response | undefined {
  const file = assets.get(name)
  if (file === undefined) return undefined
  const zipped = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '') ? file.gzip : undefined
  return new Response(zipped ?? file.plain, {
    headers: {
      'content-type': file.type,
      // The name contains a hash of the content, so the content never changes.
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...(zipped === undefined ? {} : { 'content-encoding': 'gzip' }),
    },
  })
}
