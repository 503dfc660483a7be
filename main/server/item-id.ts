import { z } from 'zod';

/** An id of an item, as ids look: nothing else gets near a path or a query. */
export const itemId = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
