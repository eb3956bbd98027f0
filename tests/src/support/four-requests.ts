// Runs the programs of the page "ID-JAG in four requests" as a reader would, against a demo world on other ports.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import type { World } from '@crosswalk/demo-world'

import { readSnippets } from '../packages/snippets.ts'

const run = promisify(execFile)
const PAGE = new URL('../../../docs/how-to/id-jag-in-four-requests.md', import.meta.url)
const PYTHON_COMMAND = 'python3 four_requests.py\n'

/** @returns the output of the page's curl commands and its Python program */
export async function runFourRequests(world: World): Promise<{ curl: string; python: string }> {
  const snippets = readSnippets(PAGE)
  const shell = snippets.filter(({ language, code }) => language === 'sh' && code !== PYTHON_COMMAND)
  const python = snippets.filter(({ language }) => language === 'python')
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-four-requests-'))
  const write = (name: string, parts: readonly { readonly code: string }[]) => {
    const path = join(folder, name)
    writeFileSync(path, moveTo(world, parts.map(({ code }) => code).join('\n')))
    return path
  }
  try {
    const [script, program] = [write('four-requests.sh', shell), write('four_requests.py', python)]
    const [byCurl, byPython] = await Promise.all([run('sh', ['-eu', script]), run('python3', [program])])
    return { curl: byCurl.stdout, python: byPython.stdout }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The page uses the default ports and folder. */
function moveTo({ addresses, folder }: World, text: string): string {
  const base = Number(new URL(addresses.idp).port)
  return text
    .replaceAll(/127\.0\.0\.1:400(\d)/g, (_, offset: string) => `127.0.0.1:${base + Number(offset)}`)
    .replaceAll('data/demo/4000', folder)
}
