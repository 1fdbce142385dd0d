export * from './find-recipe.ts'
export * from './lesson.ts'
export * from './mnist.ts'
export * from './nearest-name.ts'
