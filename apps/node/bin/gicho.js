#!/usr/bin/env node
import { existsSync } from 'node:fs'

const main = new URL('../dist/main.js', import.meta.url)
if (!existsSync(main)) {
  console.error('gicho: this checkout has not been built yet: run "npm run build" first.')
  process.exit(1)
}
const { main: gicho } = await import(main.href)
await gicho(process.argv.slice(2))
