// Entry: looking through numbers that were read.
export { scan } from './_scan';
