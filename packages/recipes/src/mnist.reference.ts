import type { EpochLogs } from '@gicho/core'

/**
 * The course's own run of lesson 1 in Keras, one epoch a line, as its notebook prints it: NVIDIA Deep Learning Institute,
 * \"Fundamentals of Deep Learning\". gicho is not affiliated with NVIDIA.
 */
export const mnistReference: readonly EpochLogs[] = [
  { loss: 0.1907, accuracy: 0.9441, val_loss: 0.1159, val_accuracy: 0.9688 },
  { loss: 0.1034, accuracy: 0.9738, val_loss: 0.1012, val_accuracy: 0.9764 },
  { loss: 0.0828, accuracy: 0.9799, val_loss: 0.1322, val_accuracy: 0.9735 },
  { loss: 0.0772, accuracy: 0.983, val_loss: 0.1308, val_accuracy: 0.9759 },
  { loss: 0.0645, accuracy: 0.9858, val_loss: 0.167, val_accuracy: 0.979 },
]
