import { render } from 'preact'
import { App } from './frame/app.tsx'
import { keepOffline } from './offline.ts'
import { explain } from './state/explain.ts'
import { notify } from './state/notices.ts'

// Nothing fails in silence, and nothing fails unhandled.
addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  notify(explain(event.reason))
})
addEventListener('error', (event) => {
  if (event.error === undefined) return
  event.preventDefault()
  notify(explain(event.error))
})

// A file that is dropped beside its place opens in no browser window: what was trained here would be gone.
addEventListener('dragover', (event) => event.preventDefault())
addEventListener('drop', (event) => event.preventDefault())

const root = document.getElementById('app')
if (root) render(<App />, root)
void keepOffline()
