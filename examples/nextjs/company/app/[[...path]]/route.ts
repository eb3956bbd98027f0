// Every path of this host belongs to the identity provider.
import { idp } from '../../identity-provider.ts'

const handle = (request: Request) => idp.fetch(request)
export { handle as DELETE, handle as GET, handle as OPTIONS, handle as POST }
