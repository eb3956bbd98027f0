// Finds a browser on this machine for the browser tests; `test-browser.ts` starts it.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Lookup {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly exists: (path: string) => boolean
}

/** The headless variants first: without windows, they need a fifth less CPU for the same tests. */
const NAMES = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
]
/** Paths of browsers that are not on PATH. */
const PLACES = [
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** @returns the path of the program, or undefined if none is installed */
export function findBrowser(lookup: Lookup = { env: process.env, exists: existsSync }): string | undefined {
  const folders = (lookup.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [...onPath, ...PLACES].find(lookup.exists)
}
