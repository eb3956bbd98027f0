// The API, each method behind its scope.
import { protect } from '@crosswalk/resource/next'

import { api, todos } from '../../../authorization-server.ts'

export const GET = protect(api, (_, { user }) => Response.json(todos.get(user) ?? []), {
  scope: ['todos.read'],
})

export const POST = protect(
  api,
  async (request: Request, { user }) => {
    const { title } = (await request.json()) as { readonly title: string }
    todos.set(user, [...(todos.get(user) ?? []), title])
    return Response.json(todos.get(user), { status: 201 })
  },
  { scope: ['todos.write'] },
)

export const DELETE = protect(
  api,
  (_, { user }) => {
    todos.delete(user)
    return Response.json([])
  },
  { scope: ['todos.delete'] },
)
