import { expect, test } from 'vitest'

import { checkDocs, type DocsInput } from './check-docs.ts'

function messages(readme: string, more: Partial<DocsInput> = {}): string[] {
  const pages = [
    { path: 'README.md', text: readme },
    { path: 'docs/guide/start.md', text: '# Start here\n\n## Two `words`, and more\n' },
  ]
  const exists = (path: string) => ['README.md', 'docs', 'docs/guide/start.md', 'LICENSE'].includes(path)
  return checkDocs({ pages, exists, readmeTest: undefined, ...more }).map((it) => `${it.line} ${it.message}`)
}

test.each([
  ['a file', '[a](docs/guide/start.md)'],
  ['a folder', '[a](docs/)'],
  ['a heading', '[a](docs/guide/start.md#two-words-and-more)'],
  ['a heading of the same page', '# One\n[a](#one)'],
  ['another site', '[a](https://example.com/none) and [b](mailto:a@example.com)'],
  ['nothing, in code', '`[a](none.md)`\n\n```md\n[a](none.md)\n```'],
  ['a file, by reference', '[a][b]\n\n[b]: LICENSE'],
])('accepts a link to %s', (_what, text) => {
  expect(messages(text)).toEqual([])
})

test.each([
  ['a missing file', '\n[a](none.md)', '2 link to none.md, which does not exist'],
  ['a missing picture', '![a](docs/none.svg)', '1 link to docs/none.svg, which does not exist'],
  ['a missing file, by reference', '[a][b]\n\n[b]: none.md', '3 link to none.md, which does not exist'],
  ['a missing heading', '[a](docs/guide/start.md#none)', '1 docs/guide/start.md has no heading #none'],
])('reports a link to %s', (_what, text, message) => {
  expect(messages(text)).toEqual([message])
})

test('resolves a link relative to its page', () => {
  const pages = [{ path: 'docs/guide/start.md', text: '[a](../../LICENSE)\n[b](LICENSE)' }]
  expect(messages('', { pages })).toEqual(['2 link to LICENSE, which does not exist'])
})

test('reports a path in inline code that does not exist in the repository', () => {
  const readme =
    '`docs/guide/start.md`, `docs`, `other/none.ts`\n`docs/none.ts`\n\n```md\n`docs/none.ts`\n```'
  expect(messages(readme)).toEqual(['2 docs/none.ts does not exist'])
})

test('reports a page of docs that the map does not lead to, directly or through other pages', () => {
  const pages = [
    { path: 'docs/README.md', text: '[a](guide/start.md)' },
    { path: 'docs/guide/start.md', text: '[b](next.md)' },
    { path: 'docs/guide/next.md', text: '# Next' },
  ]
  const exists = () => true
  expect(messages('', { pages, exists })).toEqual([])
  const alone = { path: 'docs/guide/alone.md', text: '# Alone' }
  expect(messages('', { pages: [...pages, alone], exists })).toEqual([
    '1 no link leads here from docs/README.md',
  ])
})

test('reports a command of the README that no test runs, but not output or other blocks', () => {
  const readme = '```console\n$ npm ci && npm start\nready\n```\n\n```yaml\nnpm: run\n```\n'
  expect(messages(readme)).toEqual(['2 no test runs `npm ci && npm start`'])
  expect(messages(readme, { readmeTest: "run('npm ci && npm start -- --once')" })).toHaveLength(1)
  expect(messages(readme, { readmeTest: "run('npm ci && npm start')" })).toEqual([])
})

test('treats each line of a shell block except comments as a command', () => {
  const readme = '```sh\n# first\nnpm ci\n\nnpm test -- "a b"\n```\n'
  expect(messages(readme, { readmeTest: '"npm ci"' })).toEqual(['5 no test runs `npm test -- "a b"`'])
  expect(messages(readme, { readmeTest: `"npm ci" 'npm test -- "a b"'` })).toEqual([])
})
