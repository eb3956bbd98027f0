// The two typefaces, served from the page's own origin: the Latin subset of each, all weights in one file.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

const TYPEFACES = [
  {
    family: 'Geist',
    file: require.resolve('@fontsource-variable/geist/files/geist-latin-wght-normal.woff2'),
  },
  {
    family: 'Geist Mono',
    file: require.resolve('@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2'),
  },
]

/** Other characters, for example in names, use the system's typefaces. */
const LATIN =
  'U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-206F, ' +
  'U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD'

const ONE_YEAR_SECONDS = 31_536_000

export interface Font {
  /** Changes with the content */
  readonly name: string
  readonly family: string
  readonly body: Uint8Array<ArrayBuffer>
}

export const FONTS: readonly Font[] = TYPEFACES.map(({ family, file }) => {
  const body = new Uint8Array(readFileSync(file))
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return { family, body, name: `${family.toLowerCase().replace(' ', '-')}.${digest}.woff2` }
})

/** Where pages that render their own sheet find the files, relative to their origin. */
const FOLDER = '/fonts'

/** Paths of the files, for `font-src` */
export const FONT_PATHS: readonly string[] = FONTS.map(({ name }) => `${FOLDER}/${name}`)

/** @param folder - where the files are served, without a trailing slash */
export function renderFontFaces(folder = FOLDER): string {
  return FONTS.map(
    ({ family, name }) => `@font-face {
  font-family: '${family}';
  font-weight: 100 900;
  font-display: swap;
  src: url('${folder}/${name}') format('woff2');
  unicode-range: ${LATIN};
}`,
  ).join('\n')
}

/** @returns undefined if the path is not one of our fonts */
export function findFont(
  path: string,
):
  | { readonly body: Uint8Array<ArrayBuffer>; readonly headers: Readonly<Record<string, string>> }
  | undefined {
  const font = FONTS.find(({ name }) => path === `${FOLDER}/${name}`)
  if (font === undefined) return undefined
  const headers = {
    'content-type': 'font/woff2',
    'cache-control': `public, max-age=${ONE_YEAR_SECONDS}, immutable`,
    'x-content-type-options': 'nosniff',
  }
  return { body: font.body, headers }
}
