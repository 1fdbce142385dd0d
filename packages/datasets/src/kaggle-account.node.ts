import { homedir } from 'node:os'
import { join } from 'node:path'
import { readFileIfThere } from './read-file.node.ts'

/** kaggle.json has some sixty. */
const ACCOUNT_BYTES = 1 << 16
const HOST = 'https://www.kaggle.com'
const ARCHIVE = '/api/v1/datasets/download/datamunge/sign-language-mnist?datasetVersionNumber=1'

/**
 * The archive's address on Kaggle, or on the host that KAGGLE_API_ENDPOINT names. The fragment is never sent: it stands
 * there so that the address names the file.
 */
export function kaggleUrl(): string {
  const host = (process.env.KAGGLE_API_ENDPOINT || HOST).replace(/\/+$/, '').replace(/\/api\/v1$/, '')
  return `${host}${ARCHIVE}#{file}`
}

/**
 * The user's Kaggle account as an HTTP header: KAGGLE_USERNAME with KAGGLE_KEY, else kaggle.json in KAGGLE_CONFIG_DIR
 * or ~/.kaggle; undefined without one. It goes over https, or to this machine, and nowhere else.
 */
export async function kaggleAuthorization(
  url: string,
  onWarning: ((message: string) => void) | undefined,
): Promise<string | undefined> {
  if (!isPrivate(url)) return undefined
  const { KAGGLE_USERNAME: username, KAGGLE_KEY: key } = process.env
  if (username && key) return basic(username, key)
  const path = join(process.env.KAGGLE_CONFIG_DIR || join(homedir(), '.kaggle'), 'kaggle.json')
  const text = await readFileIfThere(path, ACCOUNT_BYTES).catch(() => undefined)
  if (!text) return undefined
  const account = parse(new TextDecoder().decode(text))
  if (account) return basic(account.username, account.key)
  onWarning?.(`${path}: expected {"username": …, "key": …}, got something else. Kaggle is asked without an account.`)
  return undefined
}

function isPrivate(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

function basic(username: string, key: string): string {
  return `Basic ${Buffer.from(`${username}:${key}`).toString('base64')}`
}

function parse(text: string): { username: string; key: string } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('username' in value) || !('key' in value)) return undefined
    const { username, key } = value
    return typeof username === 'string' && typeof key === 'string' ? { username, key } : undefined
  } catch {
    return undefined
  }
}
