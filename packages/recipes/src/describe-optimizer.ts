import type { OptimizerConfig } from '@gicho/core'

/** An optimizer with its settings, for people: `rmsprop (learning rate 0.001, rho 0.9)`. Keras' epsilons are left out. */
export function describeOptimizer(optimizer: OptimizerConfig): string {
  const { name, learningRate } = optimizer
  return `${name} (learning rate ${learningRate}${ownSettings(optimizer)})`
}

function ownSettings(optimizer: OptimizerConfig): string {
  switch (optimizer.name) {
    case 'rmsprop':
      return `, rho ${optimizer.rho}${optimizer.momentum ? `, momentum ${optimizer.momentum}` : ''}`
    case 'sgd':
      return optimizer.momentum === 0 ? '' : `, momentum ${optimizer.momentum}`
    case 'adam':
      return `, beta1 ${optimizer.beta1}, beta2 ${optimizer.beta2}`
    case 'adamw':
      return `, beta1 ${optimizer.beta1}, beta2 ${optimizer.beta2}, weight decay ${optimizer.weightDecay}`
    default:
      return optimizer satisfies never
  }
}
