/** Each copy of the site on an origin has an isolation of its own. */
const RELOADED = `gicho.reloaded ${location.pathname}`

/**
 * Starts the service worker, which keeps the site for use without a network. Where the host sends no isolation headers
 * the worker does, from the second load on: the page is then loaded once more.
 */
export async function keepOffline(): Promise<void> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return
  try {
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (!crossOriginIsolated) reloadOnce()
    })
    await navigator.serviceWorker.register('./service-worker.js')
  } catch {
    // Private mode or plain http: the page works as it is, with a network.
  }
}

/** Never twice: a browser that can't isolate the page would go on for ever. */
function reloadOnce(): void {
  try {
    if (sessionStorage.getItem(RELOADED)) return
    sessionStorage.setItem(RELOADED, 'yes')
  } catch {
    return
  }
  location.reload()
}
