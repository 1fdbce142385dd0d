/** What the service worker knows of the site that it was built with. */
export interface BuiltSite {
  /** Another one for each content of the site. */
  readonly version: string
  /** The script that the page starts with: it stands in the page's text. */
  readonly entry: string
  /** Every file but the page and the service worker, by its path: the first 16 hex digits of its SHA-256. */
  readonly files: Readonly<Record<string, string>>
  /** The same of what is in each `.gz`: some hosts send it as packed transport, and the browser unpacks it. */
  readonly unpacked: Readonly<Record<string, string>>
  /** What every answer is sent with. */
  readonly headers: Readonly<Record<string, string>>
}
