// The output formats of a command. With `json`, standard output is exactly one document.
import { Option } from 'commander'

import type { Terminal } from './terminal.ts'

export type OutputFormat = 'text' | 'json'

/** @param more - formats that only this command has */
export function outputOption(more: readonly string[] = []): Option {
  return new Option('-o, --output <format>', 'output format')
    .choices(['text', 'json', ...more])
    .default('text')
    .env('CROSSWALK_OUTPUT')
}

/** `1 access token`, `3 access tokens`, `2 policies` */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : pluralize(noun)}`
}

function pluralize(noun: string): string {
  return noun.endsWith('y') && !/[aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`
}

/** `app agent0`; `everything` has the id `*` */
export function nameTarget({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return kind === 'everything' ? kind : `${kind} ${id}`
}

/** Rounds up, because every span shown is an upper bound: `90 s`, `66 min` */
export function renderSpan(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}

/**
 * The schema identifies a document for scripts: `crosswalk.connection/v1`. Members are added, but never removed or
 * changed.
 */
export type JsonDocument = Readonly<Record<string, unknown>> & { readonly schema: string }

/** Text moves to standard error if standard output is a JSON document. */
export function createTextWriter(terminal: Terminal, output: string): (text: string) => void {
  return (text) => (output === 'json' ? terminal.writeErr(text) : terminal.writeOut(text))
}

export function writeJson(terminal: Terminal, document: JsonDocument): void {
  terminal.writeOut(`${JSON.stringify(document, null, 2)}\n`)
}
