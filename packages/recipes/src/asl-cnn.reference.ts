import type { EpochLogs } from '@gicho/core'

/**
 * The course's own run of lesson 3 in Keras, one epoch a line, as its notebook prints it: NVIDIA Deep Learning Institute,
 * \"Fundamentals of Deep Learning\". gicho is not affiliated with NVIDIA.
 */
export const aslCnnReference: readonly EpochLogs[] = [
  { loss: 0.3028, accuracy: 0.9059, val_loss: 0.5908, val_accuracy: 0.8504 },
  { loss: 0.0214, accuracy: 0.9929, val_loss: 0.3037, val_accuracy: 0.9204 },
  { loss: 0.0132, accuracy: 0.9961, val_loss: 0.2929, val_accuracy: 0.9286 },
  { loss: 0.0093, accuracy: 0.9974, val_loss: 0.418, val_accuracy: 0.9226 },
  { loss: 0.0074, accuracy: 0.998, val_loss: 0.4403, val_accuracy: 0.937 },
  { loss: 0.004, accuracy: 0.9987, val_loss: 0.883, val_accuracy: 0.8936 },
  { loss: 0.0038, accuracy: 0.9991, val_loss: 0.41, val_accuracy: 0.9434 },
  { loss: 0.0037, accuracy: 0.9989, val_loss: 0.2165, val_accuracy: 0.9642 },
  { loss: 0.0032, accuracy: 0.9992, val_loss: 0.3192, val_accuracy: 0.9504 },
  { loss: 0.0031, accuracy: 0.9992, val_loss: 0.4614, val_accuracy: 0.9371 },
  { loss: 0.0021, accuracy: 0.9995, val_loss: 0.3421, val_accuracy: 0.954 },
  { loss: 0.0019, accuracy: 0.9994, val_loss: 0.3081, val_accuracy: 0.9492 },
  { loss: 0.0016, accuracy: 0.9995, val_loss: 0.3015, val_accuracy: 0.96 },
  { loss: 0.0014, accuracy: 0.9996, val_loss: 0.318, val_accuracy: 0.9622 },
  { loss: 0.003, accuracy: 0.9993, val_loss: 0.431, val_accuracy: 0.9527 },
  { loss: 0.0028, accuracy: 0.9993, val_loss: 0.3343, val_accuracy: 0.9568 },
  { loss: 0.0018, accuracy: 0.9994, val_loss: 0.3653, val_accuracy: 0.9484 },
  { loss: 0.0014, accuracy: 0.9997, val_loss: 0.3802, val_accuracy: 0.9538 },
  { loss: 0.0019, accuracy: 0.9995, val_loss: 0.4423, val_accuracy: 0.9523 },
  { loss: 0.0015, accuracy: 0.9997, val_loss: 0.4215, val_accuracy: 0.9484 },
]
