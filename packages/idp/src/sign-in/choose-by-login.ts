// Which user a login on the sign-in page means, by user name or verified address. Does not check the password.
import { isTypedName } from '@crosswalk/protocol'

import type { User } from '../ports.ts'

/**
 * @param candidates - users with this name, however it is spelled
 * @returns the user whose user name or verified address is the login. An exact match wins over other spellings;
 *   undefined if several match, for example because the configuration file has both "ann" and "Ann"
 */
export function chooseByLogin<Candidate extends Pick<User, 'username' | 'email' | 'emailVerified'>>(
  candidates: readonly Candidate[],
  login: string,
): Candidate | undefined {
  const namesOf = ({ username, email, emailVerified }: Candidate) =>
    emailVerified && email !== undefined ? [username, email] : [username]
  const exact = candidates.filter((one) => namesOf(one).includes(login))
  const matches =
    exact.length > 0
      ? exact
      : candidates.filter((one) => namesOf(one).some((name) => isTypedName(name, login)))
  return matches.length === 1 ? matches[0] : undefined
}
