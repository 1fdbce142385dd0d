import { ImageDataGenerator } from '@gicho/augment'

/** How lesson 4 changes its images: the course's generator. */
export function generator(): ImageDataGenerator {
  return new ImageDataGenerator({
    rotationRange: 10, // degrees
    zoomRange: 0.1,
    widthShiftRange: 0.1, // share of the width
    heightShiftRange: 0.1,
    horizontalFlip: true,
  })
}
