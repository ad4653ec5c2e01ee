// Checks bodies, queries and parameters with the schemas beside them; what does not fit is MH-GEN-002 with the places.
import { ManyhandsError, shapeTrouble } from '@manyhands/contract';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { z } from 'zod';

const ISSUES_SHOWN = 5;
const TEXT_MAXIMUM_CHARACTERS = 500;
type Issue = { readonly message: string };

export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({ exceptionFactory: refuse });
}

function refuse(issues: readonly Issue[]): ManyhandsError {
  // All schemas here are of zod, and their issues say more than the standard demands.
  const shown = (issues.slice(0, ISSUES_SHOWN) as z.core.$ZodIssue[]).map((issue) => shapeTrouble({ issues: [issue] }));
  return new ManyhandsError('MH-GEN-002', {
    message: `The request does not have the documented shape: ${shown.join('; ')}`.slice(0, TEXT_MAXIMUM_CHARACTERS),
    meta: { issues: shown.map((text) => text.slice(0, TEXT_MAXIMUM_CHARACTERS)) },
  });
}
