// Runs the official conformance tool as a process and reads its results, without judging them.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type ToolCommand = 'client' | 'authorization' | 'server'

export interface Check {
  readonly id: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  readonly description: string
  readonly errorMessage?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** The tool's result for one scenario. */
export interface ScenarioResult {
  readonly scenario: string
  readonly checks: readonly Check[]
  /** Output of the client program; empty if the tool starts none */
  readonly clientOutput: string
}

export interface ToolOptions {
  /** The tool is killed after this time */
  readonly timeoutMs: number
  /** Called with the whole output so far, each time the tool prints something */
  readonly onOutput?: (output: string) => void
}

const PACKAGE = '@modelcontextprotocol/conformance'
const TESTS_FOLDER = fileURLToPath(new URL('../..', import.meta.url))

/**
 * @param args - for the tool, without `--output-dir`
 * @throws Error with the tool's output if it does not finish in time or writes no result
 */
export async function runTool(
  args: readonly string[],
  { timeoutMs, onOutput }: ToolOptions,
): Promise<readonly ScenarioResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-conformance-'))
  try {
    const output = await runProcess([findTool(), ...args, '--output-dir', folder], timeoutMs, onOutput)
    const results = readResults(folder)
    if (results.length === 0) throw new Error(`the conformance tool wrote no result:\n${output}`)
    return results
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const SECTIONS: Readonly<Record<ToolCommand, string>> = {
  client: 'Client scenarios',
  server: 'Server scenarios',
  authorization: 'Authorization server scenarios',
}

/** @returns every scenario of the installed tool for a command */
export async function listScenarios(command: ToolCommand): Promise<readonly string[]> {
  const output = await runProcess([findTool(), 'list'], 30_000)
  const section = output.split(/\n(?=\S)/).find((part) => part.startsWith(SECTIONS[command])) ?? ''
  const names = [...section.matchAll(/^ {2}- (\S+)/gm)].flatMap(([, name]) => name ?? [])
  if (names.length === 0) throw new Error(`the conformance tool lists no ${command} scenarios:\n${output}`)
  return names
}

/** @returns the tool's version, on which its results depend */
export function readToolVersion(): string {
  const text = readFileSync(join(findPackage(), 'package.json'), 'utf8')
  return String((JSON.parse(text) as { version: unknown }).version)
}

function findPackage(): string {
  // Its package.json is not exported, so find the folder like Node.js does.
  const { resolve } = createRequire(import.meta.url)
  const folder = (resolve.paths(PACKAGE) ?? [])
    .map((path) => join(path, PACKAGE))
    .find((path) => readdirOrNothing(path).includes('package.json'))
  if (folder === undefined) throw new Error(`${PACKAGE} is not installed: run \`npm ci\``)
  return folder
}

function readdirOrNothing(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function findTool(): string {
  return join(findPackage(), 'dist', 'index.js')
}

async function runProcess(
  args: readonly string[],
  timeoutMs: number,
  onOutput?: (output: string) => void,
): Promise<string> {
  // Colours would break up the words to search for.
  const env = { ...process.env, NO_COLOR: '1' }
  const child = spawn(process.execPath, args, { cwd: TESTS_FOLDER, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      onOutput?.(output)
    })
  }
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, timeoutMs)
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))
  clearTimeout(timer)
  if (late) throw new Error(`the conformance tool was not done after ${timeoutMs} ms:\n${output}`)
  return output
}

function readResults(folder: string): readonly ScenarioResult[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('checks.json'))
    .map((file) => ({
      scenario: findScenario(dirname(file)),
      checks: JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Check[],
      clientOutput: readIfThere(join(folder, dirname(file), 'stdout.txt')),
    }))
}

/** Folders are named `[kind-]scenario-time`. */
function findScenario(folder: string): string {
  return folder
    .replaceAll('\\', '/')
    .replace(/-\d{4}-\d{2}-\d{2}T[\d:.Z-]+$/, '')
    .replace(/^(server|authorization-server)-/, '')
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
