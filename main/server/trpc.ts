import { initTRPC, TRPCError } from '@trpc/server';
import { z, ZodError } from 'zod';
import { asIsochromatError, IsochromatError } from '../domain/errors.ts';
import type { EngineState } from './engine-state.ts';
import { publicError } from './public-error.ts';
import type { EngineError } from './wire.ts';

export interface RequestContext {
  engine: EngineState;
}

const t = initTRPC.context<RequestContext>().create({
  // A stack trace reaches the log and nobody else.
  isDev: false,
  errorFormatter: ({ shape, error }) => {
    const told = toldOf(error);
    return {
      message: told.sentence,
      code: shape.code,
      data: { code: shape.data.code, httpStatus: shape.data.httpStatus, path: shape.data.path, error: told },
    };
  },
});

export const router = t.router;

/** Turns what study and jobs throw into the API's errors, and logs what was unforeseen. */
const procedureWithErrors = t.procedure.use(async ({ next, ctx, path }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  const foreseen = cause instanceof IsochromatError || cause instanceof ZodError;
  ctx.engine.log[foreseen ? 'info' : 'error']({ err: cause ?? result.error, path }, 'request failed');
  if (cause instanceof IsochromatError) throw new TRPCError({ code: statusCode(cause), cause });
  return result;
});

/** A procedure that needs no study. */
export const procedure = procedureWithErrors;

/** A procedure on the open study. */
export const studyProcedure = procedureWithErrors.use(({ next, ctx }) =>
  next({ ctx: { ...ctx, study: ctx.engine.requireStudy() } }),
);

export const pathToken = z
  .string()
  .max(80)
  .regex(/^path_[\w-]+$/);

function toldOf(error: TRPCError): EngineError {
  if (error.cause instanceof IsochromatError) return publicError(error.cause);
  if (error.cause instanceof ZodError) {
    const issues = error.cause.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
    return {
      code: 'input',
      sentence: 'The engine was asked for something that makes no sense.',
      found: issues.join('; '),
    };
  }
  if (error.code === 'NOT_FOUND') return { code: 'no-such-procedure', sentence: 'The engine has no such function.' };
  if (error.code === 'INTERNAL_SERVER_ERROR') return publicError(asIsochromatError(error.cause ?? error));
  return { code: 'input', sentence: 'The engine could not understand the request.' };
}

function statusCode({ code }: IsochromatError): TRPCError['code'] {
  if (code === 'internal') return 'INTERNAL_SERVER_ERROR';
  if (code.startsWith('no-such-')) return 'NOT_FOUND';
  if (code === 'no-study') return 'PRECONDITION_FAILED';
  if (code === 'study-read-only') return 'FORBIDDEN';
  if (code === 'annotation-changed' || code === 'study-busy' || code === 'item-in-use') return 'CONFLICT';
  return 'BAD_REQUEST';
}
