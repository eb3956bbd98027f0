import { findTargetProblem } from '@crosswalk/as-core'
import { describe, expect, it } from 'vitest'

import { createGuard } from './guarded-sender.ts'

describe('addresses in a private network', () => {
  const guard = createGuard(['https://10.1.2.3/as/todo0'])
  const check = (url: string) => findTargetProblem(url, guard(new URL(url).hostname))

  it('are reached if the user named the host', () => {
    expect(check('https://10.1.2.3/.well-known/oauth-authorization-server')).toBeUndefined()
  })

  it('are refused if only a document names the host', () => {
    expect(check('https://10.1.2.4/')).toBe('address-refused')
  })

  it('are never those of the cloud: link-local addresses stay refused', () => {
    const metadata = 'https://169.254.169.254/'
    expect(findTargetProblem(metadata, createGuard([metadata])('169.254.169.254'))).toBe('address-refused')
  })
})
