import { createCheckedLookup, findTargetProblem } from '@crosswalk/as-core'
import { describe, expect, it } from 'vitest'

import { createGuard } from './guarded-sender.ts'

describe('a name that resolves to this machine', () => {
  const guard = createGuard(['https://idp.example/'])
  const look = (hostname: string) =>
    new Promise((resolve) => {
      const resolveName = async () => [{ address: '127.0.1.1', family: 4 }]
      createCheckedLookup({ ...guard(hostname), resolve: resolveName })(hostname, {}, (error, address) => {
        resolve(error?.code ?? address)
      })
    })

  it('is reached if the user named it', async () => {
    expect(await look('idp.example')).toBe('127.0.1.1')
  })

  it('is refused if only a document names it', async () => {
    expect(await look('other.example')).toBe('ADDRESS_REFUSED')
  })
})

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
