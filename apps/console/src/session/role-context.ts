// The name of the role of the signed-in user, for states that mention it; empty without a session.
import { createContext } from 'react'

export const RoleContext = createContext('')
