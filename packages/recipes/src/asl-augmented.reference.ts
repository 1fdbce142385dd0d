import type { EpochLogs } from '@gicho/core'

/**
 * The course's own run of lesson 4 in Keras, one epoch a line, as its notebook prints it: NVIDIA Deep Learning Institute,
 * \"Fundamentals of Deep Learning\". gicho is not affiliated with NVIDIA.
 */
export const aslAugmentedReference: readonly EpochLogs[] = [
  { loss: 1.1021, accuracy: 0.6457, val_loss: 0.4924, val_accuracy: 0.8031 },
  { loss: 0.3309, accuracy: 0.8873, val_loss: 0.4217, val_accuracy: 0.8554 },
  { loss: 0.2026, accuracy: 0.9316, val_loss: 0.1416, val_accuracy: 0.9545 },
  { loss: 0.1573, accuracy: 0.9486, val_loss: 0.5015, val_accuracy: 0.8497 },
  { loss: 0.1291, accuracy: 0.9586, val_loss: 0.0518, val_accuracy: 0.9805 },
  { loss: 0.1118, accuracy: 0.965, val_loss: 0.1537, val_accuracy: 0.9525 },
  { loss: 0.0978, accuracy: 0.968, val_loss: 0.1472, val_accuracy: 0.949 },
  { loss: 0.09, accuracy: 0.9725, val_loss: 0.0344, val_accuracy: 0.9914 },
  { loss: 0.0853, accuracy: 0.9753, val_loss: 0.067, val_accuracy: 0.9789 },
  { loss: 0.074, accuracy: 0.9774, val_loss: 0.1588, val_accuracy: 0.9473 },
  { loss: 0.0754, accuracy: 0.9778, val_loss: 0.0515, val_accuracy: 0.9876 },
  { loss: 0.0688, accuracy: 0.9802, val_loss: 0.0524, val_accuracy: 0.9802 },
  { loss: 0.0656, accuracy: 0.9805, val_loss: 0.0482, val_accuracy: 0.9844 },
  { loss: 0.0624, accuracy: 0.9817, val_loss: 0.1193, val_accuracy: 0.9593 },
  { loss: 0.0625, accuracy: 0.9819, val_loss: 0.0268, val_accuracy: 0.9897 },
  { loss: 0.0626, accuracy: 0.9828, val_loss: 0.1937, val_accuracy: 0.9375 },
  { loss: 0.0574, accuracy: 0.9841, val_loss: 0.163, val_accuracy: 0.9453 },
  { loss: 0.0586, accuracy: 0.9842, val_loss: 0.0041, val_accuracy: 0.9982 },
  { loss: 0.0545, accuracy: 0.9854, val_loss: 0.0385, val_accuracy: 0.9894 },
  { loss: 0.0534, accuracy: 0.9859, val_loss: 0.0339, val_accuracy: 0.9869 },
]
