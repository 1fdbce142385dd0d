// A proxy on this machine that answers every request with "no" and writes down where it was to go. Programs that honour proxy
// variables (turbo, npm, Node's fetch) can be watched with it on every system; on Linux, `connections` sees all the others, too.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Variables that would answer for the user before the test does. */
const ANSWERS = ['TURBO_TELEMETRY_DISABLED', 'DO_NOT_TRACK', 'TURBO_NO_UPDATE_NOTIFIER', 'NO_UPDATE_NOTIFIER', 'CI']

/**
 * Runs a command as a new user of this machine would, with an empty home folder, and says what it tried to reach.
 *
 * @param command program and arguments
 * @param options `cwd`; `strace: true` to see connections that pass by the proxy (Linux)
 * @returns the exit code, all output, the addresses asked of the proxy, and the connections to other machines
 */
export async function watchNetwork([program, ...args], { cwd, strace = false, timeoutMs = 600_000 } = {}) {
  const asked = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    response.writeHead(502).end()
  })
  server.on('connect', (request, socket) => {
    asked.push(request.url)
    socket.on('error', () => undefined)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const home = await mkdtemp(join(tmpdir(), 'gicho-home-'))
  try {
    const trace = join(home, 'trace')
    const line = strace
      ? ['strace', '-f', '-qq', '-e', 'trace=connect', '-o', trace, program, ...args]
      : [program, ...args]
    const { code, output } = await finished(line, { cwd, env: strangerEnv(home, server.address().port), timeoutMs })
    return { code, output, asked, connections: strace ? outward(await readFile(trace, 'utf8')) : [] }
  } finally {
    server.close()
    await rm(home, { recursive: true, force: true })
  }
}

function strangerEnv(home, port) {
  const proxy = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
    APPDATA: home,
  }
  for (const name of ANSWERS) delete env[name]
  for (const name of Object.keys(env)) if (/^npm_/i.test(name)) delete env[name]
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) env[name] = env[name.toLowerCase()] = proxy
  return { ...env, NO_PROXY: '', no_proxy: '', NODE_USE_ENV_PROXY: '1' }
}

function finished([program, ...args], { cwd, env, timeoutMs }) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === 'win32' && program === 'npm' // there it is a script, which only a shell starts
    const child = spawn(program, args, { cwd, env, shell, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** Connections to other machines in what strace wrote: not those to this one, nor over sockets in the file system. */
function outward(trace) {
  const found = new Set()
  for (const [, port, address] of trace.matchAll(/sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)"/g)) {
    if (!/^(127\.|::1$|::ffff:127\.|0\.0\.0\.0$|::$)/.test(address)) found.add(`${address} port ${port}`)
  }
  return [...found]
}
