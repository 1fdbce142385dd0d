#!/usr/bin/env node
import { existsSync } from 'node:fs'

const main = new URL('../dist/main.node.js', import.meta.url)
if (!existsSync(main)) {
  console.error('gicho-tensorflow: this checkout has not been built yet: run "npm run build" first.')
  process.exit(1)
}
const { main: gichoTensorflow } = await import(main.href)
process.exitCode = await gichoTensorflow(process.argv.slice(2))
