// Parses the text of a configuration file into data that keeps its line numbers. YAML 1.2, which includes JSON. Keys
// and values are validated elsewhere.
import { isUsableText } from '@crosswalk/protocol'
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml'

import type { Path } from './finding.ts'

export interface Source {
  readonly document: Document
  /** @returns the line (from 1) of the value at a path, or of its key; if it is missing, of its closest parent */
  lineOf(path: Path, at?: 'key' | 'value'): number
  lineAt(offset: number): number
  /** @returns the node of the value at a path, undefined if there is none */
  nodeAt(path: Path): Node | undefined
  readonly syntaxErrors: readonly { readonly line: number; readonly what: string; readonly fix: string }[]
  /** false if the text is too broken to validate its content */
  readonly readable: boolean
}

type SyntaxError = Source['syntaxErrors'][number]

export function parseSource(text: string): Source {
  const lines = new LineCounter()
  // Allow only the tags of JSON: other types, such as sets or dates, are unexpected in a configuration.
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
  } as const
  const document = parseDocument(hideReferences(text), options)
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string') node.value = showReferences(node.value)
    },
  })
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line)
  const syntaxErrors = listCauses(document.errors).map((error) => ({
    line: lineAt(error.pos[0]),
    ...describeSyntax(error),
  }))
  const aliasErrors = syntaxErrors.length > 0 ? [] : checkAliases(document, lineAt)
  return {
    document,
    lineAt,
    lineOf: (path, at = 'value') => lineAt(locate(document, path, at).offset),
    nodeAt(path) {
      const { node, whole } = locate(document, path, 'value')
      return whole ? (node ?? undefined) : undefined
    },
    syntaxErrors: [
      ...syntaxErrors,
      ...aliasErrors,
      ...listForeignTags(document, text, lineAt),
      ...listReservedKeys(document, lineAt),
      ...listUnusableText(document, lineAt),
    ],
    readable: aliasErrors.length === 0 && document.errors.every((error) => error.code === 'DUPLICATE_KEY'),
  }
}

/** Flow characters of YAML, and the noncharacters that temporarily replace them; no text contains noncharacters. */
const HIDDEN = new Map([...'{}[],'].map((shown, index) => [shown, String.fromCharCode(0xfdd0 + index)]))
const SHOWN = new Map([...HIDDEN].map(([shown, hidden]) => [hidden, shown]))

/** Allows `{ secret: ${NAME} }` without quotes, although YAML uses the braces itself. Keeps all offsets. */
function hideReferences(text: string): string {
  return text.replace(/\$\{[A-Za-z_]\w*(?::-[^}\n]*)?\}/g, (reference) =>
    reference.replace(/[{}[\],]/g, (character) => HIDDEN.get(character) ?? character),
  )
}

function showReferences(text: string): string {
  return text.replace(/[\ufdd0-\ufdd4]/g, (character) => SHOWN.get(character) ?? character)
}

/** The schemas would drop such a key without a word, and a policy with it would match more than it states. */
function listReservedKeys(document: Document, lineAt: (offset: number) => number): readonly SyntaxError[] {
  const errors: SyntaxError[] = []
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === '__proto__')
        errors.push({
          line: lineAt(key.range?.[0] ?? 0),
          what: 'the key `__proto__` is reserved',
          fix: 'remove it',
        })
    },
  })
  return errors
}

/** Escapes can write text that no database and no URL can hold; the admin API refuses it too. */
function listUnusableText(document: Document, lineAt: (offset: number) => number): readonly SyntaxError[] {
  const errors: SyntaxError[] = []
  visit(document, {
    Scalar(_, { value, range }) {
      if (typeof value === 'string' && !isUsableText(value))
        errors.push({
          line: lineAt(range?.[0] ?? 0),
          what: 'text with U+0000 or half of a surrogate pair',
          fix: 'remove this character',
        })
    },
  })
  return errors
}

/** The parser resolves references (`*name`) only when values are read, and throws then. */
function checkAliases(document: Document, lineAt: (offset: number) => number): readonly SyntaxError[] {
  const errors: SyntaxError[] = []
  visit(document, {
    Alias(_, node) {
      const at = node.range?.[0] ?? 0
      const target = node.resolve(document)
      const fix = `put it in quotes if text is meant, or write \`&${node.source}\` before it`
      if (target === undefined)
        errors.push({ line: lineAt(at), what: `\`*${node.source}\` refers to no anchor`, fix })
      else if (target.range && target.range[0] <= at && at < target.range[2])
        errors.push({
          line: lineAt(at),
          what: `\`*${node.source}\` refers to a node that contains it`,
          fix: 'write out what is meant',
        })
    },
  })
  if (errors.length > 0) return errors
  try {
    document.toJS()
    return []
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return [
      {
        line: 1,
        what: 'references (`*name`) expand the file too much',
        fix: 'write out the values they refer to',
      },
    ]
  }
}

/** The parser ignores unknown tags with a warning and may misread the value, so report them. */
function listForeignTags(
  { warnings }: Document,
  text: string,
  lineAt: (offset: number) => number,
): readonly SyntaxError[] {
  return warnings
    .filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
    .map(({ pos: [from, to] }) => ({
      line: lineAt(from),
      what: `\`${text.slice(from, to)}\` is not a valid tag here`,
      fix: 'remove the tag; an environment variable is written ${NAME}',
    }))
}

/** The parser misreads what follows a tab as indentation or another mistake in the structure, so report only these. */
function listCauses(errors: readonly YAMLError[]): readonly YAMLError[] {
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT')
  if (tabs.length > 0) return tabs
  const first = errors.findIndex(({ code }) => !SEPARATE.has(code))
  return first < 0 ? errors : errors.slice(0, first + 1)
}

/** They cause no other errors. */
const SEPARATE: ReadonlySet<YAMLError['code']> = new Set(['DUPLICATE_KEY', 'NON_STRING_KEY', 'MULTIPLE_DOCS'])

function describeSyntax(error: YAMLError): { what: string; fix: string } {
  if (error.code === 'DUPLICATE_KEY') {
    return { what: 'the same key twice in one map', fix: 'keep one of the two, or merge their values' }
  }
  if (error.code === 'MULTIPLE_DOCS') {
    return { what: 'not valid YAML: a second document begins here', fix: 'remove the line `---`' }
  }
  if (error.code === 'NON_STRING_KEY') {
    return { what: 'not valid YAML: a key that is not text', fix: 'put the key in quotes, or remove it' }
  }
  if (error.code === 'TAB_AS_INDENT') {
    return { what: 'not valid YAML: a tab indents this line', fix: 'indent with spaces' }
  }
  return {
    what: `not valid YAML: ${showReferences(error.message.split('\n')[0] ?? error.code)}`,
    fix: 'correct the syntax here; indent with spaces, and quote text with special characters',
  }
}

/** Own traversal, because aliases must be followed and the line of a map is that of its key. */
function locate(document: Document, path: Path, at: 'key' | 'value'): Location {
  let here: Location = { node: document.contents, offset: document.contents?.range?.[0] ?? 0, whole: true }
  for (const [depth, part] of path.entries()) {
    const step = findChild(document, here.node, part)
    if (step === undefined) return { ...here, whole: false }
    const wantsKey = at === 'key' && depth === path.length - 1
    const byKey = step.keyOffset !== undefined && (wantsKey || !isScalar(step.value))
    const offset = byKey ? step.keyOffset : step.value?.range?.[0]
    here = { node: step.value, offset: offset ?? step.keyOffset ?? here.offset, whole: true }
  }
  return here
}

interface Location {
  readonly node: Node | null | undefined
  readonly offset: number
  /** false if the path leads beyond the document */
  readonly whole: boolean
}

interface Step {
  readonly value: Node | null | undefined
  readonly keyOffset: number | undefined
}

function findChild(
  document: Document,
  parent: Node | null | undefined,
  part: string | number,
): Step | undefined {
  const holder = isAlias(parent) ? parent.resolve(document) : parent
  if (isSeq(holder)) {
    const item = holder.items[Number(part)]
    return item === undefined ? undefined : { value: item as Node, keyOffset: undefined }
  }
  if (!isMap(holder)) return undefined
  const pair = holder.items.find(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
  )
  if (pair === undefined) return undefined
  return { value: pair.value as Node | null, keyOffset: (pair.key as Node).range?.[0] }
}
