// Which XML is read at all, with both edges of each limit.
import { expect, it } from 'vitest'

import { hasComment, isNamed, parseStrictXml } from './strict-xml.ts'

const nest = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)
const withAttributes = (count: number) =>
  `<r><a ${Array.from({ length: count }, (_, at) => `a${at}=""`).join(' ')}/></r>`

it.each<[string, string, string | undefined]>([
  ['an element', '<a/>', undefined],
  ['a declaration and white space', '\uFEFF<?xml version="1.0"?>\n <a/> \n', undefined],
  ['a comment and a CDATA section', '<a><!-- c --><![CDATA[ d ]]></a>', undefined],
  ['a tab, a line feed and a supplementary character', '<a>\t\n\u{1F600}</a>', undefined],
  ['a null character', '<a>\u0000</a>', 'characters that XML does not admit'],
  ['a vertical tab', '<a>\u000B</a>', 'characters that XML does not admit'],
  ['half a surrogate pair', '<a>\uD83D</a>', 'characters that XML does not admit'],
  ['a noncharacter', '<a>\uFFFE</a>', 'characters that XML does not admit'],
  ['50 levels', nest(50), undefined],
  ['51 levels', nest(51), 'elements nested too deep'],
  ['51 elements, one after another', `<r>${'<a></a>'.repeat(25)}${'<a/>'.repeat(25)}</r>`, undefined],
  ['100 attributes of one element', withAttributes(100), undefined],
  ['101 attributes of one element', withAttributes(101), 'too many attributes on one element'],
  ['5000 nodes', `<r>${'<a/>'.repeat(4999)}</r>`, undefined],
  ['5001 nodes', `<r>${'<a/>'.repeat(5000)}</r>`, 'too many elements and attributes'],
  ['an element that is not closed', '<a>', 'not well-formed XML'],
  ['a second root', '<a/><b/>', 'not well-formed XML'],
])('XML with %s', (_, text, refusal) => {
  const parsed = parseStrictXml(text)
  expect(parsed.accepted ? undefined : parsed.refusal).toBe(refusal)
})

it('an element is known by its namespace and name, and a comment is found in it', () => {
  const parsed = parseStrictXml('<p:a xmlns:p="urn:p"><!-- c --></p:a>')
  if (!parsed.accepted) throw new Error(parsed.refusal)
  const names = [
    ['urn:p', 'a'],
    ['urn:q', 'a'],
    ['urn:p', 'b'],
  ] as const
  expect(names.map(([namespace, name]) => isNamed(parsed.value, namespace, name))).toEqual([
    true,
    false,
    false,
  ])
  expect(hasComment(parsed.value)).toBe(true)
  const plain = parseStrictXml('<a>c</a>')
  expect(plain.accepted && hasComment(plain.value)).toBe(false)
})
