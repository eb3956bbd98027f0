// The parts of its process that a command uses, so that tests can replace them.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Clock } from '@crosswalk/as-core'
import { spawn } from 'node:child_process'

import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

export interface Terminal extends Clock {
  /** The result */
  writeOut(text: string): void
  /** Progress, warnings, hints, errors */
  writeErr(text: string): void
  /** Standard input, in chunks */
  readonly stdin: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  readonly isStdinTerminal: boolean
  /** Width of standard output; absent if it is not a terminal */
  readonly columns?: number
  /** Replaces the last line of standard error; absent if it is not a terminal */
  rewriteErr?(text: string): void
  /** Prompts the user; absent if standard input is not a terminal */
  ask?(question: string): Promise<string>
  /** Like `ask`, without echoing the input */
  askSecret?(question: string): Promise<string>
  /** Absent if there is no screen */
  openBrowser?(url: string): Promise<void>
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface CommandTerminal extends Terminal {
  /** Sets the exit code of a command that completed with a negative result */
  endWith(exitCode: number): void
  /** Completes a command line that the output suggests, so that it reaches the server of this command. */
  suggest(commandLine: string): string
}

const CLEAR_LINE = '\r\u001B[K'

export function createTerminal(process: NodeJS.Process): Terminal {
  return {
    writeOut: (text) => void process.stdout.write(text),
    writeErr: (text) => void process.stderr.write(text),
    stdin: process.stdin,
    isStdinTerminal: process.stdin.isTTY === true,
    ...(process.stdout.columns === undefined ? {} : { columns: process.stdout.columns }),
    ...(process.stderr.isTTY === true
      ? { rewriteErr: (text: string) => void process.stderr.write(CLEAR_LINE + text) }
      : {}),
    ...(process.stdin.isTTY === true ? createQuestions(process) : {}),
    ...(process.stdout.isTTY === true ? { openBrowser } : {}),
    env: process.env,
    nowMs: () => Date.now(),
  }
}

function createQuestions(process: NodeJS.Process): Required<Pick<Terminal, 'ask' | 'askSecret'>> {
  return {
    ask: (question) => askOnTerminal(process, question, process.stderr),
    askSecret: async (question) => {
      process.stderr.write(question)
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
      const typed = await askOnTerminal(process, '', silent)
      process.stderr.write('\n')
      return typed
    },
  }
}

/**
 * The same terminal, restricted to text, line breaks and tabs: servers and files can name things as they like, and some
 * control characters move the cursor or type. They are written as JSON escapes them, so that JSON and quoted YAML stay the same.
 */
export function escapeControls(terminal: Terminal): Terminal {
  const { writeOut, writeErr, rewriteErr, ask } = terminal
  return {
    ...terminal,
    writeOut: (text) => writeOut(escapeText(text)),
    writeErr: (text) => writeErr(escapeText(text)),
    ...(rewriteErr === undefined ? {} : { rewriteErr: (text) => rewriteErr(escapeText(text)) }),
    ...(ask === undefined ? {} : { ask: (question) => ask(escapeText(question)) }),
  }
}

/** All but line breaks, those of CSV included, and tabs; also those that reverse the text after them */
const CONTROLS = /[^\P{Cc}\n\r\t]|\r(?!\n)|[\u202a-\u202e\u2066-\u2069]/gu

function escapeText(text: string): string {
  return text.replaceAll(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

async function askOnTerminal(process: NodeJS.Process, question: string, output: NodeJS.WritableStream) {
  const { stdin, stderr, pid } = process
  const reader = createInterface({ input: stdin, output, terminal: stdin.isTTY === true })
  // While it reads, it takes Ctrl-C for itself.
  reader.on('SIGINT', () => {
    reader.close()
    stderr.write('\n')
    process.kill(pid, 'SIGINT')
  })
  try {
    return await reader.question(question)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error
    // Ctrl-D
    stderr.write('\n')
    throw new CliError(EXIT.usage, 'no answer', 'answer the question, or run the command again with --help')
  } finally {
    reader.close()
  }
}

/** Reads the file, or standard input for `-` or undefined. */
export async function readInput(terminal: Terminal, file: string | undefined): Promise<string> {
  if (file !== undefined && file !== '-') return readTextFile(file)
  return readStdin({ stdin: openStdin(terminal) })
}

/** The name of standard input in errors */
export const STDIN = 'standard input'

/** @returns the name of the input in errors */
export function nameInput(file: string): string {
  return file === '-' ? STDIN : file
}

/** @returns its chunks, unless a user would have to type them */
export function openStdin({ stdin, isStdinTerminal }: Terminal): Terminal['stdin'] {
  if (!isStdinTerminal) return stdin
  throw new CliError(EXIT.usage, 'nothing to read', 'pass a file, or pipe the text into this command')
}

export async function readStdin({ stdin }: Pick<Terminal, 'stdin'>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stdin) chunks.push(chunk)
  return decodeText(Buffer.concat(chunks), STDIN)
}

export function readTextFile(file: string): string {
  return decodeText(readBytes(file), file)
}

/** Strips a byte order mark, and rejects invalid UTF-8. */
function decodeText(bytes: Uint8Array, name: string): string {
  const text = decodeUtf8(bytes)
  if (text === undefined) throw new CliError(EXIT.usage, `${name} is not UTF-8 text`, 'save it as UTF-8')
  return text
}

/** Duplicated here, because importing its package would slow down every command. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    if (/^eyJ[\w-]+\./.test(file))
      throw new CliError(
        EXIT.usage,
        'this is a token, not the name of a file',
        'pass it in a file or through standard input: others on this machine can read the command line',
      )
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CliError(
      EXIT.usage,
      `${file} cannot be read (${reason})`,
      'use a file that exists and is readable',
    )
  }
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', '""'],
}

/** Does nothing if the program is missing: the address is printed anyway. */
async function openBrowser(url: string): Promise<void> {
  const [program = 'xdg-open', ...args] = OPENERS[process.platform] ?? []
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
