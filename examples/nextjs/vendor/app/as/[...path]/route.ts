// The endpoints of the authorization server.
import { server } from '../../../authorization-server.ts'

const handle = (request: Request) => server.fetch(request)
export { handle as GET, handle as POST }
