// Another node changes what a removal is about to change.
import type { Directory } from '../definitions/directory.ts'
import { expect, it } from 'vitest'

import { openNodes } from '../testing/open-nodes.ts'
import { addGroup, updateGroup } from './provision-groups.ts'
import { addUser, removeUser } from './provision-users.ts'
import type { Provider } from './scim-context.ts'

const DIRECTORY = { id: 'okta', token: 'a bearer token of okta, long enough: 0kta', emailDomains: [] }
const userOf = (username: string) => ({
  ...{
    username,
    externalId: null,
    email: null,
    emailVerified: false,
    name: null,
    active: true,
    attributes: {},
  },
})

it('removes a user whose group another node changes at the same time, and keeps that change', async () => {
  const [one, other] = await openNodes({})
  const providerOf = ({ parts }: typeof one, directory: Directory = parts.directory) =>
    ({
      ...{ parts: { ...parts, directory }, ip: undefined },
      directory: { ...DIRECTORY, groupPrefix: '', role: 'none' },
    }) as unknown as Provider
  const there = providerOf(other)
  await addUser(there, 'usr_ann', userOf('ann'))
  await addUser(there, 'usr_ben', userOf('ben'))
  await addGroup(there, { name: 'staff', externalId: null, members: ['usr_ann'] })
  await one.parts.directory.catchUp()
  const meanwhile = [
    () => updateGroup(there, 'staff', { name: 'Staff', externalId: null, members: ['usr_ann', 'usr_ben'] }),
  ]
  const changeAll = async (...asked: Parameters<Directory['changeAll']>) => {
    const outcome = await one.parts.directory.changeAll(...asked)
    // After the user was deactivated, and before the groups change
    await other.parts.inTurn(async () => meanwhile.shift()?.())
    return outcome
  }
  const here = providerOf(one, { ...one.parts.directory, changeAll })
  const ann = (await one.parts.directory.current().users.items.find(['usr_ann'])).get('usr_ann')!
  await here.parts.inTurn(() => removeUser(here, ann))
  expect((await one.storage.objects.list('users')).map(({ id }) => id)).toEqual(['usr_ben'])
  const [staff] = await one.storage.objects.list('groups')
  expect(staff?.body).toMatchObject({ name: 'Staff', members: ['usr_ben'] })
})
