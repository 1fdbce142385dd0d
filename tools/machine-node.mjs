// Runs the tests of test/machine-node on the machine's own Node, not on the pinned one of node_modules/.bin that npm scripts
// find first: the published packages support Node >= 20.19.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { delimiter, join, sep } from 'node:path'

const name = process.platform === 'win32' ? 'node.exe' : 'node'
const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes(`node_modules${sep}.bin`))
const node = folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? process.execPath
const { status } = spawnSync(node, ['--test', ...globSync('test/machine-node/*.test.mjs')], { stdio: 'inherit' })
process.exit(status ?? 1)
