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
  ['nothing, since it is code', '`[a](none.md)`\n\n```md\n[a](none.md)\n```'],
  ['a file, by reference', '[a][b]\n\n[b]: LICENSE'],
])('a link to %s is fine', (_what, text) => {
  expect(messages(text)).toEqual([])
})

test.each([
  ['a missing file', '\n[a](none.md)', '2 link to none.md, which is not there'],
  ['a missing picture', '![a](docs/none.svg)', '1 link to docs/none.svg, which is not there'],
  ['a missing file, by reference', '[a][b]\n\n[b]: none.md', '3 link to none.md, which is not there'],
  ['a missing heading', '[a](docs/guide/start.md#none)', '1 docs/guide/start.md has no heading #none'],
])('a link to %s is refused', (_what, text, message) => {
  expect(messages(text)).toEqual([message])
})

test('a link is followed from the page it stands on', () => {
  const pages = [{ path: 'docs/guide/start.md', text: '[a](../../LICENSE)\n[b](LICENSE)' }]
  expect(messages('', { pages })).toEqual(['2 link to LICENSE, which is not there'])
})

test('a file named in inline code exists, by its path from the root', () => {
  const readme =
    '`docs/guide/start.md`, `docs`, `other/none.ts`\n`docs/none.ts`\n\n```md\n`docs/none.ts`\n```'
  expect(messages(readme)).toEqual(['2 docs/none.ts does not exist'])
})

test('a page of docs that the map leads to is fine, also through another page; one that it does not lead to is found', () => {
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

test('a command of README that no test runs is refused; output and other blocks are not commands', () => {
  const readme = '```console\n$ npm ci && npm start\nready\n```\n\n```yaml\nnpm: run\n```\n'
  expect(messages(readme)).toEqual(['2 no test runs `npm ci && npm start`'])
  expect(messages(readme, { readmeTest: "run('npm ci && npm start -- --once')" })).toHaveLength(1)
  expect(messages(readme, { readmeTest: "run('npm ci && npm start')" })).toEqual([])
})

test('in a shell block each line but comments is a command', () => {
  const readme = '```sh\n# first\nnpm ci\n\nnpm test -- "a b"\n```\n'
  expect(messages(readme, { readmeTest: '"npm ci"' })).toEqual(['5 no test runs `npm test -- "a b"`'])
  expect(messages(readme, { readmeTest: `"npm ci" 'npm test -- "a b"'` })).toEqual([])
})
