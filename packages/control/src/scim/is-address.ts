// Which e-mail addresses of a directory a user can have.
import { zUser } from '@crosswalk/protocol'

/** Whether a user can have this e-mail address; a directory may have others, such as one with an umlaut. */
export function isAddress(text: string): boolean {
  return text.length <= 256 && zUser.shape.email.safeParse(text).success
}
