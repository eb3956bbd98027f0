// The role name of the signed-in user, for messages; empty without a session.
import { createContext } from 'react'

export const RoleContext = createContext('')
