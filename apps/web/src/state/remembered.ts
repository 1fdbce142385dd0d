/** Small choices that outlast the tab, where the browser lets them. */
export const remembered = {
  read(name: string): string | undefined {
    try {
      return localStorage.getItem(`gicho.${name}`) ?? undefined
    } catch {
      return undefined // storage is forbidden: the choice lasts as long as the tab
    }
  },
  write(name: string, value: string): void {
    try {
      localStorage.setItem(`gicho.${name}`, value)
    } catch {
      // as above
    }
  },
}
