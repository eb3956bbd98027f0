import { server } from '../../../authorization-server.ts'

export const GET = (request: Request) => server.fetch(request)
