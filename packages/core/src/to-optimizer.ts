import { describeValue } from './describe-value.ts'
import { GichoError } from './errors.ts'
import { adam, adamw, type OptimizerConfig, type OptimizerName, optimizers, rmsprop, sgd } from './job.ts'
import { nearestName } from './nearest-name.ts'

/** What is read of an optimizer of tfjs: every `tf.train.…()` is one, whichever copy of tfjs made it. */
export interface TfjsOptimizer {
  getClassName(): string
  getConfig(): object
}

/** An optimizer as a program may name it: `adam()`, `'adam'` (Keras' defaults), or `tf.train.adam(0.01)`. */
export type OptimizerLike = OptimizerConfig | OptimizerName | TfjsOptimizer

/**
 * The configuration of an optimizer, however it is named. One of tfjs keeps its settings and is computed as tfjs computes it; what
 * it remembers of earlier training is not taken over. Settings that an object leaves out are Keras' defaults.
 *
 * @param where names the option in error messages
 * @throws GichoError `bad-argument` for something that is no optimizer and for settings outside their range, `unsupported` for one that no engine knows
 */
export function toOptimizer(where: string, optimizer: unknown): OptimizerConfig {
  if (typeof optimizer === 'string') return named(where, optimizer)
  if (isTfjs(optimizer)) return fromTfjs(where, optimizer)
  if (isConfig(optimizer)) return whole(optimizer)
  const got = typeof optimizer === 'function' ? 'a function. Call it: adam()' : describeValue(optimizer)
  throw new GichoError(
    'bad-argument',
    `${where}: expected rmsprop(), sgd(), adam() or adamw() of @gicho/core, one of their names, or tf.train.adam(), got ${got}.`,
  )
}

function named(where: string, name: string): OptimizerConfig {
  const names = Object.keys(optimizers)
  if (isName(name)) return optimizers[name]()
  const guess = nearestName(name, names)
  const help = guess ? `Did you mean ${guess}?` : `Known are ${names.join(', ')}.`
  throw new GichoError('bad-argument', `${where}: there is no optimizer ${name}. ${help}`)
}

/** Settings that somebody wrote by hand: checked, with Keras' defaults for those that are left out. */
function whole(config: OptimizerConfig): OptimizerConfig {
  switch (config.name) {
    case 'rmsprop':
      return rmsprop(config)
    case 'sgd':
      return sgd(config)
    case 'adam':
      return adam(config)
    case 'adamw':
      return adamw(config)
  }
}

function fromTfjs(where: string, optimizer: TfjsOptimizer): OptimizerConfig {
  const type = optimizer.getClassName()
  const config = optimizer.getConfig()
  const number = (field: string): number => {
    const value: unknown = Reflect.get(config, field)
    if (typeof value === 'number') return value
    throw new GichoError(
      'bad-argument',
      `${where}: expected a number for ${field} of tfjs' ${type}, got ${describeValue(value)}.`,
    )
  }
  const refuse = (why: string): GichoError =>
    new GichoError(
      'unsupported',
      `${where}: ${why} Use rmsprop(), sgd(), adam() or adamw() of @gicho/core, with Keras' formulas.`,
    )
  const learningRate = number('learningRate')
  switch (type) {
    case 'SGD':
      return sgd({ learningRate })
    case 'Momentum':
      return sgd({
        learningRate,
        momentum: number('momentum'),
        ...(Reflect.get(config, 'useNesterov') ? { nesterov: true } : {}),
      })
    case 'RMSProp': {
      if (Reflect.get(config, 'centered'))
        throw refuse(
          "tfjs' centered RMSProp subtracts epsilon under the root, which ends in NaN, and isn't computed here.",
        )
      const momentum = number('momentum')
      return rmsprop({
        learningRate,
        rho: number('decay'),
        epsilon: number('epsilon'),
        ...(momentum === 0 ? {} : { momentum }),
      })
    }
    case 'Adam':
      return adam({
        learningRate,
        beta1: number('beta1'),
        beta2: number('beta2'),
        epsilon: number('epsilon'),
        epsilonMode: 'tfjs',
      })
    default:
      throw refuse(`tfjs' ${type} isn't known here.`)
  }
}

function isTfjs(value: unknown): value is TfjsOptimizer {
  return typeof value === 'object' && value !== null && 'getClassName' in value && 'getConfig' in value
}

function isConfig(value: unknown): value is OptimizerConfig {
  return typeof value === 'object' && value !== null && 'name' in value && isName(value.name)
}

function isName(name: unknown): name is OptimizerName {
  return typeof name === 'string' && Object.hasOwn(optimizers, name)
}
