// The prose check reports words that the table excludes, and accepts the rewritten sentence.
import { expect, it } from 'vitest'

import { checkProse } from './check-prose.ts'
import { drawFrom } from './draw-texts.ts'
import { proseOf } from './prose.ts'

const PLANTED = [
  { planted: 'Nobody answers for it.', words: 'Nobody', rewritten: 'No owner.' },
  { planted: 'It takes back what is live.', words: 'takes back', rewritten: 'It revokes live tokens.' },
  { planted: 'The same code as in earnest.', words: 'in earnest', rewritten: 'The real kill path.' },
  { planted: 'Who is told', words: 'Who is told', rewritten: 'Event delivery' },
  {
    planted: 'Each with the whole of why.',
    words: 'whole of why',
    rewritten: 'With every check and its result.',
  },
  { planted: 'The person may sign in.', words: 'person', rewritten: 'The user can sign in.' },
  { planted: 'Somebody approves it anew.', words: 'anew', rewritten: 'An owner approves it again.' },
  { planted: 'Lift the ban on this app.', words: 'ban', rewritten: 'Lift the block on this app.' },
  { planted: 'Steps of the ladder', words: 'ladder', rewritten: 'Account linking strategies' },
  { planted: 'Open a campaign.', words: 'campaign', rewritten: 'Open an access review.' },
]

it('ten planted sentences are found', () => {
  expect(PLANTED).toHaveLength(10)
})

it.each(PLANTED)('reports "$planted", accepts "$rewritten"', ({ planted, words, rewritten }) => {
  expect(inMarkdown(planted).map((finding) => finding.words)).toContain(words)
  expect(inMarkdown(rewritten)).toEqual([])
  expect(inTypeScript(planted).map((finding) => finding.words)).toContain(words)
  expect(inTypeScript(rewritten)).toEqual([])
  expect(inTests(planted).filter((found) => found === words)).toHaveLength(2)
  expect(inTests(rewritten)).toEqual([])
})

it('reports a phrase across line breaks and emphasis, at its first line', () => {
  expect(inMarkdown('# Title\n\nA token\nthat was **taken**\nback.')).toEqual([
    { line: 4, words: 'taken back', use: 'revoke' },
  ])
})

it.each([
  ['a code block', '```sh\nnobody\n```'],
  ['inline code', 'The output is `user is nobody`.'],
  ['a link target', 'See the [page](how-to/nobody.md).'],
  ['a screen text in a block quote', '> Nobody verified it.'],
  ['another word that contains it', 'Urban planning is out of scope.'],
])('ignores %s', (_, text) => {
  expect(inMarkdown(text)).toEqual([])
})

it('checks comments of TypeScript, but not names in them', () => {
  const source = '// One thing.\nconst a = 1 // somebody signs in\n/** Of `nobody`. */\nconst b = 2\n'
  expect(checkProse(proseOf('a.ts', source))).toMatchObject([{ line: 2, words: 'somebody' }])
})

it('checks the titles of tests, but not their data', () => {
  const source = "it('somebody signs in', () => sign('nobody at all'))"
  expect(checkProse(proseOf('a.test.ts', source))).toMatchObject([{ words: 'somebody' }])
})

it('ignores names in TypeScript', () => {
  expect(checkProse(proseOf('roles.ts', "const nobody = 'nobody'"))).toEqual([])
  expect(checkProse(proseOf('roles.ts', "const title = 'nobody signs in'"))).toHaveLength(1)
})

it('draws the same texts for the same seed, each once', () => {
  const texts = Array.from({ length: 100 }, (_, index) => `text ${index}`)
  const drawn = drawFrom(texts, 7, 60)
  expect(new Set(drawn).size).toBe(60)
  expect(drawFrom(texts, 7, 60)).toEqual(drawn)
  expect(drawFrom(texts, 8, 60)).not.toEqual(drawn)
  expect(drawFrom(texts, 7, 1000)).toHaveLength(100)
})

function inMarkdown(text: string) {
  return checkProse(proseOf('page.md', text))
}

/** Checks a text as a comment of a helper, and as the title of a test. */
function inTests(text: string): readonly string[] {
  const comment = checkProse(
    proseOf('tests/src/support/company.ts', `// ${text}\nconst name = 'nobody here'`),
  )
  const title = checkProse(proseOf('tests/src/a.test.ts', `it(${JSON.stringify(text)}, () => {})`))
  return [...comment, ...title].map((finding) => finding.words)
}

function inTypeScript(text: string) {
  return checkProse(proseOf('texts.ts', `export const title = ${JSON.stringify(text)}`))
}
