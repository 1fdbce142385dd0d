import type { UserConfig } from 'tsdown'
import { packageConfig } from '../../tsdown.base.ts'

const config: UserConfig = packageConfig(['src/tfjs.ts', 'src/tfjs.node.ts'])

export default config
