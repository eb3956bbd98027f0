// The company of a world: its IdP, and the changes an administrator can make at runtime.
import { createIdp, defineIdp, hashPassword, type Idp, type IdpDefinition } from '@crosswalk/idp'
import type { Block, ConnectionHold } from '@crosswalk/policy'
import type { Ports } from '@crosswalk/storage'

import { PASSWORD } from './world-options.ts'

export interface CompanyState {
  definition: IdpDefinition
  defined: ReturnType<typeof defineIdp>
  revision: number
  readonly holds: Map<string, ConnectionHold>
  readonly blocks: Block[]
}

export function createCompanyState(definition: IdpDefinition): CompanyState {
  return { definition, defined: defineIdp(definition), revision: 1, holds: new Map(), blocks: [] }
}

let usualHash: Promise<string> | undefined

export async function createCompany(state: CompanyState, ports: Ports): Promise<Idp> {
  return await createIdp(state.defined.config, {
    ...ports,
    snapshot: createSnapshot(state),
    users: {
      findById: (id) => state.defined.users.findById(id),
      findByLogin: (login) => state.defined.users.findByLogin(login),
      findByAttribute: (name, value) => state.defined.users.findByAttribute(name, value),
      findByValue: (source, text) => state.defined.users.findByValue(source, text),
    },
    passwordHashes: {
      // All users with the default password share one hash, since hashing is slow by design.
      async find(userId) {
        const users = state.definition.users
        const written = Array.isArray(users) ? users.find(({ id }) => id === userId) : undefined
        if (written?.password !== PASSWORD) return await state.defined.passwordHashes.find(userId)
        usualHash ??= hashPassword(PASSWORD)
        return await usualHash
      },
    },
  })
}

function createSnapshot(state: CompanyState) {
  let known:
    | { readonly revision: number; readonly value: ReturnType<CompanyState['defined']['snapshot']> }
    | undefined
  return () => {
    const { revision, holds, blocks, defined } = state
    if (known?.revision !== revision)
      known = {
        revision,
        value: { ...defined.snapshot(), revision, holds: new Map(holds), blocks: [...blocks] },
      }
    return known.value
  }
}
