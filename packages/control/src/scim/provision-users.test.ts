// What the removal of a user changes in groups, also while another node changes them.
import type { Directory } from '../definitions/directory.ts'
import { expect, it } from 'vitest'

import { openNodes, type TestNode } from '../testing/open-nodes.ts'
import { addGroup, updateGroup } from './provision-groups.ts'
import { addUser, removeUser, takeGroups } from './provision-users.ts'
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

const providerOf = ({ parts }: TestNode, directory: Directory = parts.directory) =>
  ({
    ...{ parts: { ...parts, directory }, ip: undefined },
    directory: { ...DIRECTORY, groupPrefix: '', role: 'none' },
  }) as unknown as Provider

it('removes a user from all groups in one transaction, with a revision and an audit event of each', async () => {
  const [node] = await openNodes({})
  const { parts, storage } = node
  const transactions: string[][] = []
  const changeAll = async (...asked: Parameters<Directory['changeAll']>) => {
    transactions.push(asked[0].map(({ collection, id }) => `${collection}/${id}`))
    return parts.directory.changeAll(...asked)
  }
  const provider = providerOf(node, { ...parts.directory, changeAll })
  for (const name of ['ann', 'ben']) await addUser(provider, `usr_${name}`, userOf(name))
  for (const name of ['staff', 'sales', 'others']) {
    const members = name === 'others' ? ['usr_ben'] : ['usr_ben', 'usr_ann']
    await addGroup(provider, { name, externalId: null, members })
  }
  transactions.length = 0
  const ann = (await parts.directory.current().users.items.find(['usr_ann'])).get('usr_ann')!
  await provider.parts.inTurn(() => removeUser(provider, ann))
  expect(transactions).toEqual([['users/usr_ann'], ['groups/sales', 'groups/staff'], ['users/usr_ann']])
  const { items: events } = await storage.events.list({ types: ['group.changed'], limit: 10 })
  const groups = ['sales', 'staff'].map((id) => parts.directory.current().world.groups.get(id))
  expect(groups).toMatchObject(groups.map(() => ({ definition: { members: ['usr_ben'] } })))
  expect(events.map(({ event }) => event).toReversed()).toMatchObject(
    groups.map((group) => ({
      target: { kind: 'group', id: group?.definition.id },
      change: { revision: group?.revision, patch: [{ op: 'remove', path: '/members/1' }] },
    })),
  )
})

it.each<[readonly number[], number]>([
  [[], 0],
  [[6, 4], 2],
  [[6, 5], 1],
  [[11, 1], 1],
  [[1, 11], 1],
])('of groups with %j members, changes the first %i at once if at most ten may be stored', (sizes, count) => {
  const groups = sizes.map((length, at) => ({ id: `g${at}`, members: Array.from({ length }, String) }))
  expect(takeGroups(groups, 10)).toEqual(groups.slice(0, count).map(({ id }) => id))
})

it('removes a user whose group another node changes at the same time, and keeps that change', async () => {
  const [one, other] = await openNodes({})
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
