/** What a run's record says it was made with; the numbers are put in place while the site is built. */
export function versions(): Readonly<Record<string, string>> {
  return { 'gicho-web': __GICHO_VERSION__, browser: navigator.userAgent.slice(0, 160) }
}

declare const __GICHO_VERSION__: string
