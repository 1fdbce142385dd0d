// Runs the tests of test/machine-node on the Node that npm itself runs on, not on the pinned one of node_modules/.bin:
// the published packages support Node >= 20.19.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'

const node = process.env.npm_node_execpath ?? process.execPath
const tests = globSync('test/machine-node/*.test.mjs')
const { status } = spawnSync(node, ['--test', ...tests], { stdio: 'inherit' })
process.exit(status ?? 1)
