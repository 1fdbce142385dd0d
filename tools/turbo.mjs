// Runs turbo without its telemetry and without looking for a newer version: `node tools/turbo.mjs run build`. turbo.json has no
// switch for the telemetry, and npm scripts can't set variables in a way that every system's shell understands.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const turbo = createRequire(import.meta.url).resolve('turbo/bin/turbo')
const quiet = {
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  NO_UPDATE_NOTIFIER: '1',
}
const { status, error } = spawnSync(process.execPath, [turbo, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...quiet },
})
if (error) console.error(`turbo couldn't be started: ${error.message}. Run npm ci first.`)
process.exit(status ?? 1)
