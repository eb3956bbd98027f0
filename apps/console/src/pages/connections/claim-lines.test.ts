import { describe, expect, it } from 'vitest'

import { parseClaimLines, renderClaimLines } from './claim-lines.ts'

describe('claims as lines', () => {
  it('parses what it renders', () => {
    const claims = { email: 'user.email', department: 'user.attributes.department' }
    expect(parseClaimLines(renderClaimLines(claims))).toEqual({ claims })
  })

  it.each(['', '\n\n', ' email=user.email \n'])('takes blank lines and spaces: %j', (text) => {
    expect(parseClaimLines(text).bad).toBeUndefined()
  })

  it.each(['email', 'email = address', 'email = user.password', 'a b = user.id', '= user.id'])(
    'names the line that is no claim: %s',
    (line) => {
      expect(parseClaimLines(`name = user.name\n${line}`).bad).toBe(line)
    },
  )
})
