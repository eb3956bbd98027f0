// Hides user name and password of URLs in text that is shown or stored.

/** A scheme of any length ends like this; patterns without limit would take a long text minutes. */
const URLS = /[a-z0-9+.-]{1,32}:\/\/\S*/gi

/** @returns the text without what stands before the `@` of a host; a text that is no URL may have it anywhere */
export function hideUserInfo(text: string): string {
  return text.replaceAll(URLS, (url) =>
    url.replace(URL.canParse(url) ? /^([^:]*):\/\/[^/?#]*@/ : /^([^:]*):\/\/.*@/, '$1://…@'),
  )
}
