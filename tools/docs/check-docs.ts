// Checks the documentation: links resolve, named files exist, the map leads to every page, and a test runs the
// README's commands.

export interface DocsFile {
  /** From the root of the repository */
  readonly path: string
  readonly text: string
}

export interface DocsInput {
  readonly pages: readonly DocsFile[]
  /** Whether a path from the root is a file or folder of the repository. */
  readonly exists: (path: string) => boolean
  /** The test that runs the README's commands, or undefined if it does not exist. */
  readonly readmeTest: string | undefined
}

export interface DocsFinding {
  readonly file: string
  readonly line: number
  readonly message: string
  readonly remedy: string
}

export function checkDocs(input: DocsInput): DocsFinding[] {
  const readme = input.pages.find((page) => page.path === 'README.md')
  return [
    ...input.pages.flatMap((page) => checkLinks(page, input)),
    ...input.pages.flatMap((page) => checkNamedFiles(page, input)),
    ...checkMap(input.pages),
    ...(readme === undefined ? [] : checkCommands(readme, input.readmeTest)),
  ]
}

const MAP = 'docs/README.md'

/** Readers do not find a page that no link of the map leads to, directly or through other pages. */
function checkMap(pages: readonly DocsFile[]): DocsFinding[] {
  const texts = new Map(pages.map(({ path, text }) => [path, text]))
  const reached = new Set([MAP])
  if (!texts.has(MAP)) return []
  for (const page of reached)
    for (const { target } of findLinks(texts.get(page) ?? '')) {
      const path = decodeURIComponent(new URL(target, `file:///${page}`).pathname).slice(1)
      if (texts.has(path)) reached.add(path)
    }
  return pages
    .filter(({ path }) => path.startsWith('docs/') && !reached.has(path))
    .map(({ path }) => ({
      file: path,
      line: 1,
      message: `no link leads here from ${MAP}`,
      remedy: `link to it in ${MAP}`,
    }))
}

function checkLinks(page: DocsFile, { exists, pages }: DocsInput): DocsFinding[] {
  return findLinks(page.text).flatMap(({ target, line }) => {
    const at = { file: page.path, line }
    const url = new URL(target, `file:///${page.path}`)
    if (url.protocol !== 'file:') return []
    const path = decodeURIComponent(url.pathname).slice(1).replace(/\/$/, '')
    if (path !== '' && !exists(path)) {
      return [
        { ...at, message: `link to ${target}, which does not exist`, remedy: 'fix the path or the page' },
      ]
    }
    const linked = pages.find((it) => it.path === path)
    const anchor = decodeURIComponent(url.hash.slice(1))
    if (anchor === '' || linked === undefined || findAnchors(linked.text).has(anchor)) return []
    return [{ ...at, message: `${path} has no heading #${anchor}`, remedy: 'link to an existing heading' }]
  })
}

/** Files and folders in inline code, from the root: SECURITY.md names the tests of threats like this. */
const NAMED_FILE = /`((?:apps|bench|demos|deploy|docs|examples|packages|tests|tools)\/[\w./@-]+)`/g

function checkNamedFiles({ path: file, text }: DocsFile, { exists }: DocsInput): DocsFinding[] {
  return proseLines(text).flatMap(({ content, line }) =>
    [...content.matchAll(NAMED_FILE)]
      .map((match) => match[1] ?? '')
      .filter((named) => !exists(named))
      .map((named) => ({
        file,
        line,
        message: `${named} does not exist`,
        remedy: 'use the current path of the file',
      })),
  )
}

/** Markdown links outside code, inline and by reference. */
function findLinks(text: string): { target: string; line: number }[] {
  return proseLines(text).flatMap(({ content, line }) => {
    const prose = content.replace(/`[^`]*`/g, '')
    const inline = [...prose.matchAll(/\]\(<?([^\s)>]+)>?(?:\s+"[^"]*")?\)/g)]
    const references = [...prose.matchAll(/^\s*\[[^\]]+\]:\s+<?([^\s>]+)>?/g)]
    return [...inline, ...references].map((match) => ({ target: match[1] ?? '', line }))
  })
}

function findAnchors(text: string): Set<string> {
  const headings = proseLines(text).flatMap(({ content }) => /^#{1,6}\s+(.*)$/.exec(content)?.[1] ?? [])
  return new Set(headings.map((heading) => anchorOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'))))
}

/** The anchor that GitHub creates for a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}

function proseLines(text: string): { content: string; line: number }[] {
  return splitFences(text).filter((it) => it.fence === undefined)
}

function checkCommands(readme: DocsFile, readmeTest: string | undefined): DocsFinding[] {
  return findCommands(readme.text)
    .filter(({ command }) => readmeTest === undefined || !holds(readmeTest, command))
    .map(({ command, line }) => ({
      file: readme.path,
      line,
      message: `no test runs \`${command}\``,
      remedy: 'add it to tests/src/readme.test.ts exactly as written here, or remove it from the README',
    }))
}

/** In `console` blocks, lines that start with a prompt; in shell blocks, every line that is not a comment. */
function findCommands(text: string): { command: string; line: number }[] {
  return splitFences(text).flatMap(({ content, line, fence }) => {
    const typed = fence === 'console' ? content.startsWith('$ ') : /^(sh|bash|shell)$/.test(fence ?? '')
    const command = content.replace(/^\$ /, '').trim()
    return typed && command !== '' && !command.startsWith('#') ? [{ command, line }] : []
  })
}

/** Whether the test contains the command as a whole string, in any kind of quotes. */
function holds(test: string, command: string): boolean {
  return [`'${command.replaceAll("'", "\\'")}'`, `"${command}"`, `\`${command}\``].some((it) =>
    test.includes(it),
  )
}

interface Line {
  readonly content: string
  readonly line: number
  /** The language of the surrounding code block; undefined in prose. */
  readonly fence: string | undefined
}

function splitFences(text: string): Line[] {
  let fence: { mark: string; language: string } | undefined
  return text.split('\n').map((content, index) => {
    const match = /^\s*(`{3,}|~{3,})\s*(\w*)/.exec(content)
    const line = index + 1
    if (match?.[1] === undefined) return { content, line, fence: fence?.language }
    if (fence === undefined) fence = { mark: match[1], language: match[2] ?? '' }
    else if (match[1].startsWith(fence.mark)) fence = undefined
    return { content: '', line, fence: 'fence' }
  })
}
