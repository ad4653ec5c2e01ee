// Checks bodies, queries and parameters with the schemas beside them; what does not fit is MH-GEN-002 with the places.
import { ManyhandsError } from '@manyhands/contract';
import { StandardSchemaValidationPipe } from '@nestjs/common';

const ISSUES_SHOWN = 5;
const TEXT_MAXIMUM_CHARACTERS = 500;
type Issue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
};

export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({ exceptionFactory: refuse });
}

function refuse(issues: readonly Issue[]): ManyhandsError {
  const shown = issues.slice(0, ISSUES_SHOWN).map(describe);
  return new ManyhandsError('MH-GEN-002', {
    message: `The request does not have the documented shape: ${shown.join('; ')}`.slice(0, TEXT_MAXIMUM_CHARACTERS),
    meta: { issues: shown.map((text) => text.slice(0, TEXT_MAXIMUM_CHARACTERS)) },
  });
}

function describe({ path, message }: Issue): string {
  const place = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  return place === '' ? message : `${place}: ${message}`;
}
