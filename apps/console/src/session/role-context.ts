// The name of the role somebody is signed in with, for the states that mention it. Empty while nobody is.
import { createContext } from 'react'

export const RoleContext = createContext('')
