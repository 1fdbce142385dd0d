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

const root = document.getElementById('app')
if (root) render(<App />, root)
void keepOffline()
