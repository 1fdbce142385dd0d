import type { EpochLogs } from '@gicho/core'

/**
 * The course's own run of lesson 2 in Keras, one epoch a line, as its notebook prints it: NVIDIA Deep Learning Institute,
 * \"Fundamentals of Deep Learning\". gicho is not affiliated with NVIDIA.
 */
export const aslReference: readonly EpochLogs[] = [
  { loss: 1.9502, accuracy: 0.3834, val_loss: 1.5316, val_accuracy: 0.495 },
  { loss: 0.9562, accuracy: 0.6774, val_loss: 1.0548, val_accuracy: 0.6408 },
  { loss: 0.5798, accuracy: 0.8078, val_loss: 1.0379, val_accuracy: 0.6882 },
  { loss: 0.3844, accuracy: 0.8751, val_loss: 1.3029, val_accuracy: 0.691 },
  { loss: 0.2968, accuracy: 0.9129, val_loss: 1.0626, val_accuracy: 0.7386 },
  { loss: 0.2465, accuracy: 0.9333, val_loss: 0.8824, val_accuracy: 0.8349 },
  { loss: 0.2121, accuracy: 0.9461, val_loss: 3.5995, val_accuracy: 0.5393 },
  { loss: 0.2056, accuracy: 0.9533, val_loss: 0.9206, val_accuracy: 0.8483 },
  { loss: 0.1838, accuracy: 0.9608, val_loss: 1.2225, val_accuracy: 0.7803 },
  { loss: 0.1882, accuracy: 0.9616, val_loss: 1.1452, val_accuracy: 0.8437 },
  { loss: 0.1684, accuracy: 0.9649, val_loss: 1.6457, val_accuracy: 0.7796 },
  { loss: 0.1497, accuracy: 0.9672, val_loss: 1.9469, val_accuracy: 0.7878 },
  { loss: 0.1542, accuracy: 0.9725, val_loss: 1.5834, val_accuracy: 0.8201 },
  { loss: 0.1556, accuracy: 0.9697, val_loss: 1.682, val_accuracy: 0.8044 },
  { loss: 0.1486, accuracy: 0.9733, val_loss: 1.7764, val_accuracy: 0.8122 },
  { loss: 0.1312, accuracy: 0.9752, val_loss: 1.903, val_accuracy: 0.8151 },
  { loss: 0.1298, accuracy: 0.9759, val_loss: 2.9986, val_accuracy: 0.7242 },
  { loss: 0.1262, accuracy: 0.9772, val_loss: 1.4939, val_accuracy: 0.841 },
  { loss: 0.1383, accuracy: 0.9765, val_loss: 2.0537, val_accuracy: 0.821 },
  { loss: 0.1175, accuracy: 0.981, val_loss: 2.5411, val_accuracy: 0.7759 },
]
