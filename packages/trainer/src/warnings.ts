/** Tells each message once: to the option of the call, or else on the console. */
export function warnings(onWarning: ((message: string) => void) | undefined): (message: string) => void {
  const told = new Set<string>()
  return (message) => {
    if (told.has(message)) return
    told.add(message)
    if (onWarning) onWarning(message)
    else console.warn(message)
  }
}
