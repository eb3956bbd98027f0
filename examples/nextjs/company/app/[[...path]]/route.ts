// Every path of this host is the identity provider's.
import { idp } from '../../identity-provider.ts'

const handle = (request: Request) => idp.fetch(request)
export { handle as DELETE, handle as GET, handle as OPTIONS, handle as POST }
